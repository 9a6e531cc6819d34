import { Button } from '@mantine/core';
import { IconPin, IconPinnedOff, IconRefresh, IconUnlink } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { JobProgress } from '@/features/jobs/JobProgress';
import { isActive } from '@/features/jobs/words';
import { placeOf } from '@/features/kinds/kinds';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { checkRepository, detach, refreshUpstreams, setPinned } from './changes';
import { upstreamQuery } from './queries';
import type { Upstream } from './types';
import classes from './upstreams.module.css';
import { useWork } from './use-work';
import { shortUrl } from './words';

interface UpstreamActionsProps {
  agent: ComponentPublic;
  upstream: Upstream;
  /** Shows the update, where it is not shown already. */
  onShow?: (() => void) | undefined;
}

/** What an editor does about an upstream. */
export function UpstreamActions({ agent, upstream, onShow }: UpstreamActionsProps) {
  const { id: repository, url } = upstream.repository;
  const check = useWork(() => checkRepository(repository));
  const [asking, setAsking] = useState(false);
  const pin = usePin(agent);
  const { edit } = agent.permissions;
  const { job } = check;
  return (
    <>
      <div className={classes.actions}>
        {onShow && <Button onClick={onShow}>See the update</Button>}
        {edit && (
          <>
            <Button
              leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
              loading={check.isBusy}
              onClick={check.start}
            >
              Check now
            </Button>
            <Button
              leftSection={
                upstream.is_pinned ? (
                  <IconPinnedOff size={16} stroke={1.7} aria-hidden />
                ) : (
                  <IconPin size={16} stroke={1.7} aria-hidden />
                )
              }
              loading={pin.isPending}
              onClick={() => pin.mutate({ upstream, to: !upstream.is_pinned })}
            >
              {upstream.is_pinned ? 'Unpin' : 'Pin'}
            </Button>
            <Button
              leftSection={<IconUnlink size={16} stroke={1.7} aria-hidden />}
              onClick={() => setAsking(true)}
            >
              Detach
            </Button>
          </>
        )}
      </div>
      {job && isActive(job) && (
        <div className={classes.progress}>
          <JobProgress job={job} label={`Checking ${shortUrl(url)}`} />
        </div>
      )}
      {job?.state === 'failed' && <FormError error={new Error(job.error)} />}
      <DetachDialog
        agent={agent}
        upstream={upstream}
        opened={asking}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** Shown at once; the notice has a way back. */
function usePin(agent: ComponentPublic) {
  const client = useQueryClient();
  const { queryKey } = upstreamQuery(agent.id);
  const pin = useMutation({
    mutationFn: ({ upstream, to }: { upstream: Upstream; to: boolean }) =>
      setPinned(agent.id, upstream, to),
    onMutate: ({ to }) => {
      client.setQueryData(queryKey, (now) => now && { ...now, is_pinned: to });
    },
    onSuccess: (pinned, { to }) => {
      client.setQueryData(queryKey, pinned);
      toastDone(to ? `Pinned ${agent.name}` : `Unpinned ${agent.name}`, () =>
        pin.mutate({ upstream: pinned, to: !to }),
      );
    },
    onSettled: () => refreshUpstreams(client),
  });
  return pin;
}

interface DetachDialogProps {
  agent: ComponentPublic;
  upstream: Upstream;
  opened: boolean;
  onClose: () => void;
}

function DetachDialog({ agent, upstream, opened, onClose }: DetachDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const detaching = useMutation({
    mutationFn: () => detach(agent.id, upstream),
    meta: { quiet: true },
    onSuccess: async () => {
      onClose();
      await navigate({
        to: '/$plural/$team/$name',
        params: placeOf(agent),
        search: {},
      });
      toastDone(`Detached ${agent.name} from its upstream`);
    },
    onSettled: () => refreshUpstreams(client),
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={`Detach ${agent.name} from its upstream?`}
      confirm="Detach"
      danger
      busy={detaching.isPending}
      onConfirm={() => detaching.mutate()}
      onClose={onClose}
    >
      It stays as it is, and hears no more of what changes in{' '}
      <span className={`mono ${classes.address}`}>
        {shortUrl(upstream.repository.url)}
      </span>
      . To follow it again, import the repository once more.
      <FormError error={detaching.error} />
    </ConfirmDialog>
  );
}
