import { Button, Select, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { isProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import type { TeamMembership, Visibility } from '@/api/types';
import { withName } from '@/features/agents/editor/name-in-text';
import { TEMPLATES } from '@/features/agents/editor/template';
import { type Kind, oneOf, placeOf } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { FormError } from '@/ui/FormError';
import { PageHeader } from '@/ui/PageHeader';
import { begin } from './changes';
import { fieldError, restOf } from './field-error';
import classes from './lifecycle.module.css';
import { VISIBILITIES } from './visibilities';

const FIELDS = ['name', 'team', 'visibility'];

/** A component begins with its name and place; from then on its draft is kept. */
export function BeginPage({ kind }: { kind: Kind }) {
  const user = useUser();
  const teams = user?.teams.filter(({ role }) => role !== 'viewer') ?? [];
  if (!user) return null;
  if (teams.length === 0) {
    return (
      <EmptyState icon={IconLock} title="You are an editor of no team" heading="h1">
        {kind.labels} belong to teams, and their editors and owners publish them.
      </EmptyState>
    );
  }
  return <BeginForm kind={kind} teams={teams} />;
}

function BeginForm({ kind, teams }: { kind: Kind; teams: TeamMembership[] }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const own = teams.find(({ is_personal }) => is_personal) ?? teams[0];
  const [name, setName] = useState('');
  const [team, setTeam] = useState(own?.slug ?? '');
  const [visibility, setVisibility] = useState<Visibility>('private');
  const start = useMutation({
    mutationFn: () => {
      const template = TEMPLATES[kind.name] ?? '';
      const content = kind.named === 'path' ? template : withName(kind, template, name);
      return begin({ kind: kind.name, team, name, visibility, content });
    },
    meta: { quiet: true },
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: keys.components });
      return navigate({
        to: '/$plural/$team/$name/edit',
        params: placeOf(made),
        replace: true,
      });
    },
  });
  const taken = isProblem(start.error, 'name-taken') ? start.error.message : undefined;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (name && !start.isPending) start.mutate();
  };
  return (
    <div className={classes.settings}>
      <PageHeader
        title={`New ${kind.label.toLowerCase()}`}
        description="It starts as a draft: nobody but you sees it until you publish it."
      />
      <form className={classes.form} onSubmit={send} noValidate>
        <TextInput
          label="Name"
          description="Lower-case letters, digits and single hyphens."
          classNames={{ input: 'mono' }}
          value={name}
          error={taken ?? fieldError(start.error, 'name')}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
        />
        <Select
          label="Team"
          data={teams.map((one) => ({ value: one.slug, label: one.name }))}
          value={team}
          error={fieldError(start.error, 'team')}
          allowDeselect={false}
          onChange={(value) => value && setTeam(value)}
        />
        <Select
          label="Who can see it"
          description="Once it is published."
          data={VISIBILITIES}
          value={visibility}
          error={fieldError(start.error, 'visibility')}
          allowDeselect={false}
          onChange={(value) => value && setVisibility(value as Visibility)}
        />
        <FormError error={taken ? null : restOf(start.error, ...FIELDS)} />
        <div className={classes.buttons}>
          <Button
            type="submit"
            variant="filled"
            loading={start.isPending}
            disabled={!name}
          >
            Start {oneOf(kind)}
          </Button>
        </div>
      </form>
    </div>
  );
}
