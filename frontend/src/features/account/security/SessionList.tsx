import { Button } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconDeviceMobile,
  IconTerminal2,
} from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { RelativeTime } from '@/ui/facts';
import { RowsSkeleton } from '@/ui/skeletons';
import { toastDone } from '@/ui/toast';
import classes from '../account.module.css';
import { revokeSession, signOutElsewhere } from '../changes';
import { accountKeys, sessionsQuery } from '../queries';
import { Section } from '../Section';
import type { SessionPublic } from '../types';

export function SessionList() {
  const sessions = useInfiniteQuery(sessionsQuery);
  const items = sessions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      title="Sessions"
      about="Where you are signed in. Revoke what you do not know, and change your password."
      wide
    >
      {sessions.isPending && <RowsSkeleton rows={3} />}
      {sessions.error && !sessions.data && (
        <ErrorState
          heading="h3"
          error={sessions.error}
          onRetry={() => sessions.refetch()}
        />
      )}
      {items.length > 0 && (
        <ul className={classes.list} aria-label="Sessions">
          {items.map((session) => (
            <SessionItem key={session.id} session={session} />
          ))}
        </ul>
      )}
      {(sessions.hasNextPage || items.length > 1) && (
        <div className={classes.actions}>
          {sessions.hasNextPage && (
            <Button
              loading={sessions.isFetchingNextPage}
              onClick={() => sessions.fetchNextPage()}
            >
              Show more
            </Button>
          )}
          {items.length > 1 && <SignOutElsewhere />}
        </div>
      )}
    </Section>
  );
}

const iconOf = ({ client, user_agent }: SessionPublic) => {
  if (client === 'api') return IconTerminal2;
  return /Mobi|Android|iPhone/.test(user_agent) ? IconDeviceMobile : IconDeviceDesktop;
};

function SessionItem({ session }: { session: SessionPublic }) {
  const { device, current, address, created_at, last_used_at } = session;
  const Icon = iconOf(session);
  return (
    <li className={classes.item} aria-current={current || undefined}>
      <Icon className={classes.itemIcon} size={20} stroke={1.5} aria-hidden />
      <div className={classes.itemText}>
        <div className={classes.itemTitle}>
          <span title={session.user_agent}>{device}</span>
          {current && <span className={classes.chip}>This one</span>}
        </div>
        <div className={classes.meta}>
          {address && <span className="mono">{address}</span>}
          <span>
            Signed in <RelativeTime at={created_at} />
          </span>
          {!current && (
            <span>
              Last used <RelativeTime at={last_used_at} />
            </span>
          )}
        </div>
      </div>
      {!current && <RevokeSession session={session} />}
    </li>
  );
}

function RevokeSession({ session }: { session: SessionPublic }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const { device } = session;
  const revoke = useMutation({
    mutationFn: () => revokeSession(session.id),
    onSuccess: async () => {
      setAsking(false);
      toastDone(`Revoked ${device}`);
      await client.invalidateQueries({ queryKey: accountKeys.sessions });
    },
  });
  return (
    <>
      <Button size="xs" aria-label={`Revoke ${device}`} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Revoke ${device}?`}
        confirm="Revoke"
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onClose={() => setAsking(false)}
      >
        It is signed out at its next request and has to sign in again.
      </ConfirmDialog>
    </>
  );
}

function SignOutElsewhere() {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: signOutElsewhere,
    onSuccess: async () => {
      setAsking(false);
      toastDone('Signed out everywhere else');
      await client.invalidateQueries({ queryKey: accountKeys.sessions });
    },
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>Sign out everywhere else</Button>
      <ConfirmDialog
        opened={asking}
        title="Sign out everywhere else?"
        confirm="Sign out"
        danger
        busy={leave.isPending}
        onConfirm={() => leave.mutate()}
        onClose={() => setAsking(false)}
      >
        Every other browser and client has to sign in again. This one stays signed in,
        and your API tokens go on working.
      </ConfirmDialog>
    </>
  );
}
