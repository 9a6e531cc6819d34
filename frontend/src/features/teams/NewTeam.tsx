import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { createTeam, refreshTeams } from './changes';
import classes from './teams.module.css';
import { slugError, slugOf } from './words';

/** A new team; its address follows the name until somebody chooses it. */
export default function NewTeam({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const chosen = useRef(false);
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '', slug: '' },
    validate: {
      name: (value) => (value.trim() ? null : 'Enter a name'),
      slug: slugError,
    },
  });
  const create = useMutation({
    mutationFn: createTeam,
    meta: { quiet: true },
    onSuccess: async (team) => {
      await refreshTeams(client);
      await navigate({ to: '/teams/$team', params: { team: team.slug } });
      toastDone(`Made ${team.name}`);
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  const slug = form.getInputProps('slug');
  return (
    <Modal opened onClose={onClose} title="New team" centered>
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(({ name, slug }) => {
          setUnplaced(null);
          create.mutate({ name: name.trim(), slug });
        })}
      >
        <FormError error={unplaced} />
        <TextInput
          label="Name"
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
          onChange={({ currentTarget: { value } }) => {
            form.setFieldValue('name', value);
            if (!chosen.current) form.setFieldValue('slug', slugOf(value));
          }}
        />
        <TextInput
          label="Address"
          description="Part of every component's name. Lower-case letters, digits, hyphens."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          {...slug}
          onChange={({ currentTarget: { value } }) => {
            chosen.current = value !== '';
            form.setFieldValue('slug', value);
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={create.isPending}>
            Make team
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
