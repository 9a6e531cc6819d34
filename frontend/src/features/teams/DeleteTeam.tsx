import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Team } from '@/api/types';
import { toastDone } from '@/ui/toast';
import { deleteTeam, refreshTeams } from './changes';
import { teamKeys } from './queries';
import { Section } from './Section';
import classes from './settings.module.css';

const NamedConfirm = lazy(() => import('@/features/shell/NamedConfirm'));

export function DeleteTeam({ team }: { team: Team }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteTeam(team.slug),
    meta: { quiet: true },
    onSuccess: async () => {
      // Away from the page first: what it shows can no longer be read.
      await navigate({ to: '/teams' });
      client.removeQueries({ queryKey: teamKeys.one(team.slug) });
      await refreshTeams(client);
      toastDone(`Deleted ${team.name}`);
    },
  });
  return (
    <Section id="team-delete" title="Delete team">
      <p>Its components leave every list, and its members lose their way in.</p>
      <Button
        className={`${classes.submit} ${classes.danger}`}
        onClick={() => setAsked(true)}
      >
        Delete this team
      </Button>
      {asked && (
        <Suspense>
          <NamedConfirm
            title={`Delete ${team.name}?`}
            name={team.slug}
            confirm="Delete team"
            busy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate()}
            onClose={() => setAsked(false)}
          >
            All its components leave every list at once, for all its members. What was
            published is kept, the address <span className="mono">{team.slug}</span> is
            never given to anybody else, and there is no way back in this app.
          </NamedConfirm>
        </Suspense>
      )}
    </Section>
  );
}
