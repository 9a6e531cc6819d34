import { Button } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Team } from '@/api/types';
import { toastDone } from '@/ui/toast';
import { refreshTeams, takeOwnership } from './changes';
import classes from './teams.module.css';

const NamedConfirm = lazy(() => import('@/features/shell/NamedConfirm'));

/** An administrator who looks at a team from outside, and may become its owner. */
export function Stranger({ team }: { team: Team }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const take = useMutation({
    mutationFn: () => takeOwnership(team.slug),
    meta: { quiet: true },
    onSuccess: async () => {
      await refreshTeams(client);
      toastDone(`You own ${team.name} now`);
    },
  });
  return (
    <div className={classes.notice}>
      <IconInfoCircle size={16} stroke={1.7} aria-hidden />
      <div className={classes.noticeText}>
        You are not a member. As an administrator you see who is in it, but nothing that
        is private to it.
      </div>
      <Button size="xs" onClick={() => setAsked(true)}>
        Take ownership
      </Button>
      {asked && (
        <Suspense>
          <NamedConfirm
            title={`Take ownership of ${team.name}?`}
            name={team.slug}
            confirm="Take ownership"
            danger={false}
            busy={take.isPending}
            error={take.error}
            onConfirm={() => take.mutate()}
            onClose={() => setAsked(false)}
          >
            You become one of its owners and see everything in it. Its owners are told,
            and it stands in the audit log.
          </NamedConfirm>
        </Suspense>
      )}
    </div>
  );
}
