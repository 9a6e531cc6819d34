import { Button, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { TeamUpdate } from '@/api/types';
import { factorsQuery } from '@/features/account/queries';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { AnchorLink } from '@/ui/links';
import { toastDone, toastError } from '@/ui/toast';
import { refreshTeams, updateTeam } from './changes';
import { DeleteTeam } from './DeleteTeam';
import { OwnersOnly } from './OwnersOnly';
import { type LoadedTeam, teamKeys } from './queries';
import { Section } from './Section';
import classes from './settings.module.css';
import { TransferTeam } from './TransferTeam';
import { slugError } from './words';

export function SettingsPage({ slug }: { slug: string }) {
  return (
    <OwnersOnly slug={slug}>
      {(team) => (
        <>
          <NameSection key={team.name} team={team} />
          {!team.is_personal && <AddressSection key={team.slug} team={team} />}
          <FactorSection team={team} />
          <UsageSection team={team} />
          {!team.is_personal && (
            <>
              <TransferTeam team={team} />
              <DeleteTeam team={team} />
            </>
          )}
        </>
      )}
    </OwnersOnly>
  );
}

/** A change of the team as it was read; when somebody was quicker it is read again. */
function useUpdate(team: LoadedTeam) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TeamUpdate) => updateTeam(team.slug, team.etag, body),
    meta: { quiet: true },
    onSuccess: () => refreshTeams(client),
    onError: (error) => {
      if (isProblem(error, 'stale')) {
        void client.invalidateQueries({ queryKey: teamKeys.one(team.slug) });
      }
    },
  });
}

function NameSection({ team }: { team: LoadedTeam }) {
  const update = useUpdate(team);
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: team.name },
    validate: { name: (value) => (value.trim() ? null : 'Enter a name') },
  });
  return (
    <Section id="team-name" title="Name">
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(({ name }) => {
          setUnplaced(null);
          update.mutate(
            { name: name.trim() },
            {
              onSuccess: () => toastDone('Name saved'),
              onError: (error) => {
                if (!applyProblem(form, error)) setUnplaced(error);
              },
            },
          );
        })}
      >
        <FormError error={unplaced} />
        <TextInput label="Name" maxLength={100} {...form.getInputProps('name')} />
        <Button
          type="submit"
          disabled={!form.isDirty()}
          loading={update.isPending}
          className={classes.submit ?? ''}
        >
          Save name
        </Button>
      </form>
    </Section>
  );
}

function AddressSection({ team }: { team: LoadedTeam }) {
  const update = useUpdate(team);
  const navigate = useNavigate();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: { slug: team.slug },
    validate: { slug: slugError },
  });
  return (
    <Section id="team-address" title="Address">
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(({ slug }) => {
          setUnplaced(null);
          update.mutate(
            { slug },
            {
              onSuccess: () => {
                toastDone(`The address is ${slug} now`);
                void navigate({
                  to: '/teams/$team/settings',
                  params: { team: slug },
                  replace: true,
                });
              },
              onError: (error) => {
                if (!applyProblem(form, error)) setUnplaced(error);
              },
            },
          );
        })}
      >
        <FormError error={unplaced} />
        <TextInput
          label="Address"
          description={`The first part of every reference. What says ${team.slug} today still leads here afterwards, and nobody else can take that name.`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('slug')}
        />
        <Button
          type="submit"
          disabled={!form.isDirty()}
          loading={update.isPending}
          className={classes.submit ?? ''}
        >
          Change address
        </Button>
      </form>
    </Section>
  );
}

function FactorSection({ team }: { team: LoadedTeam }) {
  const update = useUpdate(team);
  const { data: factors } = useQuery(factorsQuery);
  const missing = factors !== undefined && factors.totp_confirmed_at === null;
  // As it will be, while it is on its way.
  const shown = update.isPending
    ? (update.variables.require_second_factor ?? team.require_second_factor)
    : team.require_second_factor;
  return (
    <Section id="team-factor" title="Second factor">
      <Switch
        label="Only members with a second factor reach what is in it"
        description="Others stay members, and see what they have to do. API tokens of people without one stop reaching it too."
        checked={shown}
        disabled={missing && !shown}
        onChange={({ currentTarget: { checked } }) =>
          update.mutate({ require_second_factor: checked }, { onError: toastError })
        }
      />
      {missing && !shown && (
        <p className={classes.note}>
          You have none yourself:{' '}
          <AnchorLink underline="always" to="/account/security">
            set one up first
          </AnchorLink>
          .
        </p>
      )}
    </Section>
  );
}

function UsageSection({ team }: { team: LoadedTeam }) {
  const update = useUpdate(team);
  const shown = update.isPending
    ? (update.variables.share_usage ?? team.share_usage)
    : team.share_usage;
  return (
    <Section id="team-usage" title="Usage">
      <Switch
        label="Whoever sees something of this team sees how often it is pulled"
        description="Otherwise its members alone do. Who pulled stands in the audit alone."
        checked={shown}
        onChange={({ currentTarget: { checked } }) =>
          update.mutate({ share_usage: checked }, { onError: toastError })
        }
      />
    </Section>
  );
}
