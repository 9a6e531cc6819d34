import { Checkbox, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';
import { ChangeError } from '@/features/agents/component/ChangeError';
import { useChange } from '@/features/agents/component/use-change';
import { placeOf } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { toastDone } from '@/ui/toast';
import { rename, transfer } from './changes';
import { fieldError, restOf } from './field-error';
import { Section, SettingForm } from './Section';

interface NameSectionProps {
  component: ComponentPublic;
}

/** Goes where the component is now: its page had the former name in its address. */
function useFollow() {
  const navigate = useNavigate();
  return (component: ComponentPublic) =>
    navigate({
      to: '/$plural/$team/$name',
      params: placeOf(component),
      search: { tab: 'settings' },
      replace: true,
    });
}

export function RenameSection({ component }: NameSectionProps) {
  const [name, setName] = useState('');
  const [publish, setPublish] = useState(true);
  const follow = useFollow();
  const change = useChange(
    () => rename(component, name, publish),
    async (now) => {
      await follow(now);
      toastDone(`Renamed ${component.name} to ${now.name}`);
    },
  );
  const taken = isProblem(change.error, 'name-taken')
    ? change.error.message
    : undefined;
  return (
    <Section
      title="Rename"
      about={`Links and references to ${component.name} lead on to it for ever, and nothing else gets that name.`}
    >
      <SettingForm
        onSubmit={() => change.mutate(undefined)}
        submit="Rename"
        busy={change.isPending}
        disabled={!name || name === component.name}
      >
        <TextInput
          label="New name"
          classNames={{ input: 'mono' }}
          placeholder={component.name}
          value={name}
          error={taken ?? fieldError(change.error, 'name')}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        {component.published && (
          <Checkbox
            label="Publish a revision whose file says the new name too"
            checked={publish}
            onChange={({ currentTarget }) => setPublish(currentTarget.checked)}
          />
        )}
        <ChangeError
          error={taken ? null : restOf(change.error, 'name')}
          agent={component}
        />
      </SettingForm>
    </Section>
  );
}

export function TransferSection({ component }: NameSectionProps) {
  const teams = useUser()?.teams ?? [];
  const others = teams.filter(
    ({ slug, role }) => role === 'owner' && slug !== component.team.slug,
  );
  const [team, setTeam] = useState<string | null>(null);
  const follow = useFollow();
  const change = useChange(
    (slug: string) => transfer(component, slug),
    async (now) => {
      await follow(now);
      toastDone(`${now.name} belongs to ${now.team.name} now`);
    },
  );
  if (others.length === 0) return null;
  return (
    <Section
      title="Give it to another team"
      about={`Its members see and edit it then, by their rules; those of ${component.team.name} alone no longer do. References to it lead on.`}
    >
      <SettingForm
        onSubmit={() => team && change.mutate(team)}
        submit="Give it away"
        busy={change.isPending}
        disabled={!team}
      >
        <Select
          label="Team"
          description="One that you own too."
          data={others.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={team}
          error={fieldError(change.error, 'team')}
          onChange={setTeam}
        />
        <ChangeError error={restOf(change.error, 'team')} agent={component} />
      </SettingForm>
    </Section>
  );
}
