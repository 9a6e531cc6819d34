import { Button, Group, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { CollectionDetail, Visibility } from '@/api/types';
import { applyProblem } from '@/lib/form-errors';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { createCollection, duplicateCollection, keep } from './changes';
import classes from './collections.module.css';
import { nameError, nameOf } from './words';

const visibilities = [
  { value: 'private', label: 'Private: the members of the team' },
  { value: 'internal', label: 'Internal: everyone who is signed in' },
  { value: 'public', label: 'Public: everyone' },
];

interface NewCollectionProps {
  /** What it begins as a copy of. */
  of?: CollectionDetail;
  onClose: () => void;
}

/** A new collection, or a copy; its name follows the title until one is chosen. */
export default function NewCollection({ of, onClose }: NewCollectionProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const teams = (useUser()?.teams ?? []).filter(({ role }) => role !== 'viewer');
  const chosen = useRef(false);
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const own = of && teams.find(({ slug }) => slug === of.team.slug);
  const form = useForm({
    initialValues: {
      team: (own ?? teams[0])?.slug ?? '',
      title: of ? `${of.title || of.name} copy` : '',
      name: of ? nameOf(`${of.name}-copy`) : '',
      description: '',
      visibility: (own && of ? of.visibility : 'private') as Visibility,
    },
    validate: { name: nameError },
  });
  const create = useMutation({
    mutationFn: ({ description, ...data }: typeof form.values) =>
      of
        ? duplicateCollection(of, data)
        : createCollection({ ...data, description: description.trim() }),
    meta: { quiet: true },
    onSuccess: async (made) => {
      await keep(client, made);
      // This dialog goes with the page that it is on.
      await navigate({
        to: '/collections/$team/$name',
        params: { team: made.team.slug, name: made.name },
      });
      toastDone(`Made ${made.reference}`);
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={of ? `Duplicate ${of.reference}` : 'New collection'}
    >
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit((values) => {
          setUnplaced(null);
          create.mutate({ ...values, title: values.title.trim() });
        })}
      >
        <FormError error={unplaced} />
        <TextInput
          label="Title"
          maxLength={100}
          data-autofocus
          {...form.getInputProps('title')}
          onChange={({ currentTarget: { value } }) => {
            form.setFieldValue('title', value);
            if (!chosen.current) form.setFieldValue('name', nameOf(value));
          }}
        />
        <TextInput
          label="Name"
          description="Its address. Lower-case letters, digits, hyphens."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('name')}
          onChange={({ currentTarget: { value } }) => {
            chosen.current = value !== '';
            form.setFieldValue('name', value);
          }}
        />
        <NativeSelect
          label="Team"
          data={teams.map(({ slug, name }) => ({ value: slug, label: name }))}
          {...form.getInputProps('team')}
        />
        <NativeSelect
          label="Who sees it"
          description="Never more people than see each of its entries."
          data={visibilities}
          {...form.getInputProps('visibility')}
        />
        {!of && (
          <Textarea
            label="Description"
            rows={3}
            maxLength={10_000}
            {...form.getInputProps('description')}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={create.isPending}>
            {of ? 'Duplicate' : 'Make collection'}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
