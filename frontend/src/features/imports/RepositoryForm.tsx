import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '@/features/lifecycle/field-error';
import { FormError } from '@/ui/FormError';
import { addressProblem, type RepositoryAddress, readAddress } from './address';
import type { IntoTeam } from './FilesForm';
import { TeamField } from './TeamField';
import classes from './upload.module.css';
import { useRepositoryImport } from './use-upload';

interface RepositoryFormProps extends IntoTeam {
  /** What a link has filled in. */
  from: Partial<RepositoryAddress>;
}

const FIELDS = ['team', 'url', 'ref', 'folder', 'token'];

/** A repository that the server fetches by itself. */
export function RepositoryForm({ team, onTeam, from }: RepositoryFormProps) {
  const fetching = useRepositoryImport();
  const [url, setUrl] = useState(from.url ?? '');
  const [ref, setRef] = useState(from.ref ?? '');
  const [folder, setFolder] = useState(from.folder ?? '');
  const [token, setToken] = useState('');
  const [left, setLeft] = useState(false);
  const busy = fetching.isPending;
  const problem = left ? addressProblem(url) : null;
  const error = (field: string) => fieldError(fetching.error, field);

  /** What was pasted may say branch and folder, too. */
  const settle = (text: string) => {
    const read = readAddress(text);
    setUrl(read.url);
    if (read.ref) setRef(read.ref);
    if (read.folder) setFolder(read.folder);
    return { ref: read.ref ?? ref, folder: read.folder ?? folder, url: read.url };
  };

  const start = () => {
    setLeft(true);
    const read = settle(url);
    if (addressProblem(read.url)) return;
    fetching.mutate({
      team,
      url: read.url,
      ref: read.ref.trim(),
      folder: read.folder.trim(),
      ...(token ? { token } : {}),
    });
  };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <TeamField value={team} onChange={onTeam} disabled={busy} error={error('team')} />
      <TextInput
        label="Repository"
        description="Its https address. The address of a folder in it will do, too."
        placeholder="https://"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        required
        classNames={{ input: 'mono' }}
        value={url}
        disabled={busy}
        error={problem ?? error('url')}
        onChange={({ currentTarget }) => {
          fetching.reset();
          setUrl(currentTarget.value);
        }}
        onBlur={() => {
          if (!url.trim()) return;
          settle(url);
          setLeft(true);
        }}
      />
      <div className={classes.pair}>
        <TextInput
          label="Branch, tag or commit"
          description="Empty: its default branch."
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={ref}
          disabled={busy}
          error={error('ref')}
          onChange={({ currentTarget }) => setRef(currentTarget.value)}
        />
        <TextInput
          label="Folder"
          description="Empty: all of it."
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={folder}
          disabled={busy}
          error={error('folder')}
          onChange={({ currentTarget }) => setFolder(currentTarget.value)}
        />
      </div>
      <PasswordInput
        label="Access token"
        description="For a private repository. Roster keeps it encrypted, uses it for this address alone, and never shows it again."
        autoComplete="off"
        className={classes.token ?? ''}
        value={token}
        disabled={busy}
        error={error('token')}
        onChange={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <FormError error={FIELDS.some((field) => error(field)) ? null : fetching.error} />
      <div className={classes.actions}>
        <Button
          type="submit"
          size="md"
          variant="filled"
          loading={busy}
          disabled={!team}
        >
          Fetch and preview
        </Button>
      </div>
    </form>
  );
}
