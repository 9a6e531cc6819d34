import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isProblem } from '@/api/problem';
import type { CollectionDetail, CollectionUpdate, Visibility } from '@/api/types';
import { Section } from '@/features/teams/Section';
import settings from '@/features/teams/settings.module.css';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import {
  archiveCollection,
  deleteCollection,
  keep,
  refreshCollections,
  renameCollection,
  updateCollection,
} from './changes';
import { nameError } from './words';

const NamedConfirm = lazy(() => import('@/features/shell/NamedConfirm'));
const NewCollection = lazy(() => import('./NewCollection'));

interface SettingsProps {
  collection: CollectionDetail;
}

export default function SettingsTab({ collection }: SettingsProps) {
  const { manage } = collection.permissions;
  const current = collection.archived_at === null;
  return (
    <>
      {current && <AboutSection key={collection.etag} collection={collection} />}
      {current && manage && <VisibilitySection collection={collection} />}
      {current && manage && (
        <NameSection key={collection.name} collection={collection} />
      )}
      <CopySection collection={collection} />
      {current && <ArchiveSection collection={collection} />}
      {manage && <DeleteSection collection={collection} />}
    </>
  );
}

function useUpdate(collection: CollectionDetail, done: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CollectionUpdate) => updateCollection(collection, body),
    meta: { quiet: true },
    onSuccess: async (present) => {
      await keep(client, present);
      toastDone(done);
    },
    onError: (error) => {
      if (isProblem(error, 'stale')) void refreshCollections(client);
    },
  });
}

function AboutSection({ collection }: SettingsProps) {
  const update = useUpdate(collection, 'Saved');
  const form = useForm({
    initialValues: { title: collection.title, description: collection.description },
  });
  return (
    <Section id="collection-about" title="Title and description">
      <form
        className={settings.form}
        noValidate
        onSubmit={form.onSubmit(({ title, description }) =>
          update.mutate(
            { title: title.trim(), description: description.trim() },
            { onError: (error) => void applyProblem(form, error) },
          ),
        )}
      >
        <FormError error={update.error} />
        <TextInput label="Title" maxLength={100} {...form.getInputProps('title')} />
        <Textarea
          label="Description"
          rows={5}
          maxLength={10_000}
          {...form.getInputProps('description')}
        />
        <Button
          type="submit"
          className={settings.submit ?? ''}
          disabled={!form.isDirty()}
          loading={update.isPending}
        >
          Save
        </Button>
      </form>
    </Section>
  );
}

function VisibilitySection({ collection }: SettingsProps) {
  const update = useUpdate(collection, 'Visibility changed');
  const shown = update.isPending ? update.variables.visibility : collection.visibility;
  const narrow = isProblem(update.error) ? update.error.errors : [];
  return (
    <Section id="collection-visibility" title="Who sees it">
      <FormError error={update.error} />
      {narrow.length > 0 && (
        <ul>
          {narrow.map(({ loc }) => (
            <li key={loc} className="mono">
              {loc}
            </li>
          ))}
        </ul>
      )}
      <NativeSelect
        aria-label="Who sees it"
        description="Never more people than see each of its entries."
        value={shown ?? collection.visibility}
        onChange={({ currentTarget: { value } }) =>
          update.mutate({ visibility: value as Visibility })
        }
        data={[
          { value: 'private', label: 'Private: the members of the team' },
          { value: 'internal', label: 'Internal: everyone who is signed in' },
          { value: 'public', label: 'Public: everyone' },
        ]}
      />
    </Section>
  );
}

function NameSection({ collection }: SettingsProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: collection.name },
    validate: { name: nameError },
  });
  const rename = useMutation({
    mutationFn: (name: string) => renameCollection(collection, name),
    meta: { quiet: true },
    onSuccess: async (present) => {
      await keep(client, present);
      await navigate({
        to: '/collections/$team/$name',
        params: { team: present.team.slug, name: present.name },
        search: { tab: 'settings' },
        replace: true,
      });
      toastDone(`It is ${present.reference} now`);
    },
    onError: (error) => {
      if (isProblem(error, 'name-taken')) form.setErrors({ name: error.detail });
      else if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return (
    <Section id="collection-name" title="Name">
      <form
        className={settings.form}
        noValidate
        onSubmit={form.onSubmit(({ name }) => {
          setUnplaced(null);
          rename.mutate(name);
        })}
      >
        <FormError error={unplaced} />
        <TextInput
          label="Name"
          description={`What says ${collection.name} today still leads here afterwards, and no other collection of the team can take that name.`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('name')}
        />
        <Button
          type="submit"
          className={settings.submit ?? ''}
          disabled={!form.isDirty()}
          loading={rename.isPending}
        >
          Rename
        </Button>
      </form>
    </Section>
  );
}

function CopySection({ collection }: SettingsProps) {
  const [asked, setAsked] = useState(false);
  return (
    <Section id="collection-copy" title="Duplicate">
      <p>Another collection with the same entries, in a team that you edit.</p>
      <Button onClick={() => setAsked(true)}>Duplicate this collection</Button>
      {asked && (
        <Suspense>
          <NewCollection of={collection} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </Section>
  );
}

function ArchiveSection({ collection }: SettingsProps) {
  const client = useQueryClient();
  const archive = useMutation({
    mutationFn: () => archiveCollection(collection),
    onSuccess: async (present) => {
      await keep(client, present);
      toastDone(`Archived ${collection.name}`);
    },
  });
  return (
    <Section id="collection-archive" title="Archive">
      <p>It stays as it is, lists leave it out, and its releases can still be taken.</p>
      <Button loading={archive.isPending} onClick={() => archive.mutate()}>
        Archive this collection
      </Button>
    </Section>
  );
}

function DeleteSection({ collection }: SettingsProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteCollection(collection),
    meta: { quiet: true },
    onSuccess: async () => {
      // Away from the page first: what it shows can no longer be read.
      await navigate({ to: '/collections' });
      await refreshCollections(client);
      toastDone(`Deleted ${collection.name}`);
    },
  });
  return (
    <Section id="collection-delete" title="Delete">
      <p>It leaves every list with its releases, until an owner restores it.</p>
      <Button
        className={`${settings.submit} ${settings.danger}`}
        onClick={() => setAsked(true)}
      >
        Delete this collection
      </Button>
      {asked && (
        <Suspense>
          <NamedConfirm
            title={`Delete ${collection.reference}?`}
            name={collection.name}
            confirm="Delete collection"
            busy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate()}
            onClose={() => setAsked(false)}
          >
            It and its releases leave every list at once. The components in it stay as
            they are, its name is never given to another one, and an owner of the team
            can restore it.
          </NamedConfirm>
        </Suspense>
      )}
    </Section>
  );
}
