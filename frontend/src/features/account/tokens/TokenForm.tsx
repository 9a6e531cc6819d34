import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type UseMutationResult, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { instanceQuery } from '@/api/queries';
import { applyProblem } from '@/lib/form-errors';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import classes from '../account.module.css';
import type { ApiTokenCreated, Scope, TokenRequest } from '../types';
import { defaultExpiry, expiryChoices } from './expiry';
import { scopesFor, scopeWords } from './scopes';
import { oneTeam, TeamFields } from './TeamFields';

/** What a form begins with, for somebody who came with something to do. */
export interface TokenStart {
  name: string;
  scopes: Scope[];
  /** Null: all of the person's teams. */
  teams: string[] | null;
}

interface TokenFormProps {
  make: UseMutationResult<ApiTokenCreated, Error, TokenRequest>;
  onClose: () => void;
  start?: TokenStart;
}

const BLANK: TokenStart = { name: '', scopes: ['read'], teams: null };

export function TokenForm({ make, onClose, start = BLANK }: TokenFormProps) {
  const user = useUser();
  const { data: instance } = useSuspenseQuery(instanceQuery);
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: {
      name: start.name,
      scopes: start.scopes as string[],
      reach: start.teams === null ? 'all' : 'chosen',
      teams: start.teams ?? [],
      expires_in_days: defaultExpiry(instance.token_max_days),
    },
    validate: {
      name: (value) => (value.trim() ? null : 'Say what the token is for'),
      scopes: (value) => (value.length > 0 ? null : 'Choose one at least'),
      teams: oneTeam,
    },
  });
  const scopes = scopesFor(user?.is_admin ?? false);

  const send = form.onSubmit((values) => {
    setUnplaced(null);
    make.mutate(
      {
        name: values.name.trim(),
        scopes: values.scopes as Scope[],
        teams: values.reach === 'all' ? null : values.teams,
        expires_in_days: values.expires_in_days ? Number(values.expires_in_days) : null,
      },
      {
        onError: (error) => {
          if (!applyProblem(form, error)) setUnplaced(error);
        },
      },
    );
  });

  return (
    <form className={classes.form} noValidate onSubmit={send}>
      <FormError error={unplaced} />
      <TextInput
        label="Name"
        description="What it is for: you find it by this name later."
        maxLength={100}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Checkbox.Group label="What it may do" {...form.getInputProps('scopes')}>
        <Stack gap="xs" mt={6}>
          {scopes.map((scope) => (
            <Checkbox key={scope} size="sm" value={scope} {...scopeWords[scope]} />
          ))}
        </Stack>
      </Checkbox.Group>
      <TeamFields form={form} />
      <NativeSelect
        label="Works for"
        description="You get a mail before it expires."
        data={expiryChoices(instance.token_max_days)}
        {...form.getInputProps('expires_in_days')}
      />
      <Group justify="flex-end" gap="xs">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={make.isPending}>
          Make token
        </Button>
      </Group>
    </form>
  );
}
