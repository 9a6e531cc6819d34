import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { isProblem } from '@/api/problem';
import type { ComponentPublic, Secret } from '@/api/types';
import { Dialog } from '@/features/agents/Dialog';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { writeSecret } from './queries';
import classes from './secrets.module.css';
import { useSecretChange } from './use-secret-change';
import { keyProblem } from './variables';

interface WriteSecretProps {
  server: ComponentPublic;
  /** None: the person names it. */
  name?: string;
  present?: Secret | undefined;
  onClose: () => void;
}

/** Takes a value once; it is never shown in a field again. */
export function WriteSecret({ server, name, present, onClose }: WriteSecretProps) {
  const [key, setKey] = useState(name ?? '');
  const [value, setValue] = useState('');
  const change = useSecretChange(
    server.id,
    () => writeSecret({ server: server.id, key, value, present }),
    () => {
      toastDone(`${present ? 'Replaced' : 'Wrote'} ${key} of ${server.name}`);
      onClose();
    },
    { quiet: true },
  );
  const wrong = key ? keyProblem(key) : null;
  const ready = key && !wrong && value;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !change.isPending) change.mutate(undefined);
  };
  const moved =
    isProblem(change.error, 'stale') ||
    isProblem(change.error, 'precondition-required');
  return (
    <Dialog
      onClose={onClose}
      title={name ? `${present ? 'Replace' : 'Write'} ${name}` : 'Add a secret'}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        {!name && (
          <TextInput
            label="Variable"
            description="As the configuration names it in ${…}."
            classNames={{ input: 'mono' }}
            value={key}
            error={wrong}
            onChange={({ currentTarget }) => setKey(currentTarget.value.trim())}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
          />
        )}
        <PasswordInput
          label="Value"
          description={
            present?.state === 'detached'
              ? 'It is then for the present command or address of the server.'
              : 'Kept encrypted; it is not shown here again.'
          }
          value={value}
          maxLength={10_000}
          onChange={({ currentTarget }) => setValue(currentTarget.value)}
          autoComplete="off"
          {...(name && { 'data-autofocus': true })}
        />
        {moved ? (
          <FormError
            error={new Error('Somebody else wrote it meanwhile. Look, then try again.')}
          />
        ) : (
          <FormError error={change.error} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={change.isPending}
            disabled={!ready}
          >
            {present ? 'Replace' : 'Write'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
