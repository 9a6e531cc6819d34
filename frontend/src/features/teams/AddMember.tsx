import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describe, isProblem } from '@/api/problem';
import type { Role, Team } from '@/api/types';
import { toastDone } from '@/ui/toast';
import { refreshTeams, setMember } from './changes';
import classes from './teams.module.css';
import { isRole, roles, rolesIn } from './words';

/** Adds somebody who has an account here already; others are invited. */
export function AddMember({ team }: { team: Team }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [missing, setMissing] = useState(false);
  const add = useMutation({
    mutationFn: (username: string) => setMember(team.slug, username, role),
    meta: { quiet: true },
    onSuccess: async (_, username) => {
      setName('');
      await refreshTeams(client);
      toastDone(`${username} is in ${team.name} now`);
    },
  });
  const error = missing ? 'Enter a user name' : wordsOf(add.error, add.variables);
  return (
    <form
      className={classes.add}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const username = name.trim().replace(/^@/, '').toLowerCase();
        setMissing(!username);
        if (username) add.mutate(username);
      }}
    >
      <TextInput
        label="Add by user name"
        placeholder="ada-lovelace"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className={classes.addName ?? ''}
        error={error}
        value={name}
        onChange={({ currentTarget }) => {
          setName(currentTarget.value);
          setMissing(false);
          if (add.error) add.reset();
        }}
      />
      <NativeSelect
        label="Role"
        data={rolesIn(team).map((one) => ({ value: one, label: roles[one].word }))}
        value={role}
        onChange={({ currentTarget: { value } }) => isRole(value) && setRole(value)}
      />
      <Button type="submit" loading={add.isPending}>
        Add
      </Button>
    </form>
  );
}

function wordsOf(error: Error | null, username: string | undefined): string | null {
  if (!error) return null;
  if (isProblem(error, 'not-found')) {
    return `There is no account ${username}. Invite people who have none yet.`;
  }
  return describe(error);
}
