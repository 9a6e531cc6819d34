import { Autocomplete, Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { ChangeError } from '@/features/agents/component/ChangeError';
import { useChange } from '@/features/agents/component/use-change';
import { toastDone } from '@/ui/toast';
import { deprecate, undeprecate } from './changes';
import { fieldError, restOf } from './field-error';
import { successorsQuery } from './queries';
import { Section, SettingForm } from './Section';

/** What of a reference is worth searching: its name. */
const wordOf = (reference: string) => reference.replace(/^.*[:/]/, '').trim();

export function DeprecationSection({ component }: { component: ComponentPublic }) {
  const { deprecation, name } = component;
  const [message, setMessage] = useState(deprecation?.message ?? '');
  const [successor, setSuccessor] = useState(deprecation?.successor?.reference ?? '');
  const [asked] = useDebouncedValue(wordOf(successor), 200);
  const found = useQuery(successorsQuery(component.kind, asked, component.id));
  const change = useChange(
    () => deprecate(component, message.trim(), successor.trim() || null),
    () => toastDone(`${name} is deprecated`),
  );
  const undo = useChange(
    () => undeprecate(component),
    () => {
      setMessage('');
      setSuccessor('');
      toastDone(`${name} is not deprecated any more`);
    },
  );
  const error = change.error ?? undo.error;
  return (
    <Section
      title="Deprecate"
      about="It stays where it is and goes on working; everybody who sees it is told what to do instead."
    >
      <SettingForm
        onSubmit={() => change.mutate(undefined)}
        submit={deprecation ? 'Save' : 'Deprecate'}
        busy={change.isPending}
        disabled={!message.trim()}
        more={
          deprecation && (
            <Button loading={undo.isPending} onClick={() => undo.mutate(undefined)}>
              Take it back
            </Button>
          )
        }
      >
        <TextInput
          label="What to do instead"
          maxLength={500}
          value={message}
          error={fieldError(change.error, 'message')}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
        />
        <Autocomplete
          label="Successor"
          description="If there is one: type a part of its name."
          classNames={{ input: 'mono' }}
          data={found.data ?? []}
          filter={({ options }) => options}
          value={successor}
          error={fieldError(change.error, 'successor')}
          onChange={setSuccessor}
          autoCapitalize="none"
          spellCheck={false}
        />
        <ChangeError error={restOf(error, 'message', 'successor')} agent={component} />
      </SettingForm>
    </Section>
  );
}
