import { Button } from '@mantine/core';
import { IconMailPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Team } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { InvitationRow } from './InvitationRow';
import { invitationsQuery } from './queries';
import classes from './teams.module.css';

const InviteDialog = lazy(() => import('./InviteDialog'));

interface InvitationListProps {
  /** Null: the invitations into the instance alone. */
  team: Team | null;
  /** Where they lead: a team's name, or that of the instance. */
  to: string;
}

/** Invitations with what became of them, and the way to make another. */
export function InvitationList({ team, to }: InvitationListProps) {
  const list = useInfiniteQuery(invitationsQuery(team?.slug ?? null));
  const [inviting, setInviting] = useState(false);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const button = (
    <Button
      variant={team === null ? 'default' : 'filled'}
      onClick={() => setInviting(true)}
    >
      Invite
    </Button>
  );
  return (
    <>
      {list.isPending && <RowsSkeleton rows={3} />}
      {list.error && !list.data && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data && items.length === 0 && (
        <EmptyState icon={IconMailPlus} title="Nobody is invited" action={button}>
          An invitation goes out by mail or as a link. One person can take it up, once,
          until it expires.
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <div className={classes.toolbar}>
            <p className="muted">One person can take up each, once.</p>
            {button}
          </div>
          <table className={classes.table} aria-label={`Invitations to ${to}`}>
            <thead>
              <tr>
                <th scope="col">For</th>
                {team !== null && <th scope="col">Role</th>}
                <th scope="col">State</th>
                <th scope="col" className={classes.wideOnly}>
                  Invited by
                </th>
                <td className={classes.actionCell} />
              </tr>
            </thead>
            <tbody>
              {items.map((invitation) => (
                <InvitationRow
                  key={invitation.id}
                  invitation={invitation}
                  team={team?.slug ?? null}
                  to={to}
                />
              ))}
            </tbody>
          </table>
        </>
      )}
      {list.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void list.fetchNextPage()}
          loading={list.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
      {inviting && (
        <Suspense>
          <InviteDialog team={team} to={to} onClose={() => setInviting(false)} />
        </Suspense>
      )}
    </>
  );
}
