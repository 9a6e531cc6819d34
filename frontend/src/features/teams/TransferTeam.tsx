import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Team } from '@/api/types';
import { useUser } from '@/lib/use-session';
import { toastDone } from '@/ui/toast';
import { refreshTeams, transferTeam } from './changes';
import { membersQuery } from './queries';
import { Section } from './Section';
import classes from './settings.module.css';

const NamedConfirm = lazy(() => import('@/features/shell/NamedConfirm'));

/** Somebody else becomes owner, and this person an editor. */
export function TransferTeam({ team }: { team: Team }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const me = useUser();
  const members = useInfiniteQuery(membersQuery(team.slug));
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState(false);
  const others = (members.data?.pages.flatMap((page) => page.items) ?? [])
    .map(({ user }) => user)
    .filter(({ id }) => id !== me?.id);
  const heir = others.find(({ username }) => username === chosen);
  const transfer = useMutation({
    mutationFn: () => transferTeam(team.slug, chosen),
    meta: { quiet: true },
    onSuccess: async () => {
      await navigate({ to: '/teams/$team', params: { team: team.slug } });
      await refreshTeams(client);
      toastDone(`${heir?.display_name || chosen} owns ${team.name} now`);
    },
  });
  return (
    <Section id="team-transfer" title="Transfer ownership">
      {others.length === 0 ? (
        <p>Nobody else is a member. Add somebody first.</p>
      ) : (
        <div className={classes.row}>
          <NativeSelect
            label="New owner"
            data={[
              { value: '', label: 'Choose a member' },
              ...others.map(({ username, display_name }) => ({
                value: username,
                label: display_name ? `${display_name} (${username})` : username,
              })),
            ]}
            value={chosen}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          />
          <Button disabled={!heir} onClick={() => setAsked(true)}>
            Transfer
          </Button>
        </div>
      )}
      {asked && heir && (
        <Suspense>
          <NamedConfirm
            title={`Transfer ${team.name} to ${heir.display_name || heir.username}?`}
            name={team.slug}
            confirm="Transfer ownership"
            busy={transfer.isPending}
            error={transfer.error}
            onConfirm={() => transfer.mutate()}
            onClose={() => setAsked(false)}
          >
            They become its owner and you an editor. Only they can undo it.
          </NamedConfirm>
        </Suspense>
      )}
    </Section>
  );
}
