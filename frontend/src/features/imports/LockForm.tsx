import { Button, FileInput, PasswordInput, TextInput } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { fieldError } from '@/features/lifecycle/field-error';
import { FormError } from '@/ui/FormError';
import type { IntoTeam } from './FilesForm';
import { TeamField } from './TeamField';
import { UploadProgress } from './UploadProgress';
import classes from './upload.module.css';
import { useLockUpload } from './use-upload';

const FIELDS = ['team', 'files', 'address', 'token'];

/** What a lock file of another instance lists, fetched from there. */
export function LockForm({ team, onTeam }: IntoTeam) {
  const upload = useLockUpload();
  const [lock, setLock] = useState<File | null>(null);
  const [address, setAddress] = useState('');
  const [token, setToken] = useState('');
  const busy = upload.pending;
  const error = (field: string) => fieldError(upload.error, field);
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (lock) upload.start({ team, lock, address: address.trim(), token });
      }}
    >
      <TeamField value={team} onChange={onTeam} disabled={busy} error={error('team')} />
      <FileInput
        label="Lock file"
        description="Of a release of a collection, from another Roster."
        placeholder="Choose a file"
        required
        clearable
        leftSection={<IconFileText size={16} stroke={1.6} aria-hidden />}
        accept=".json,.lock,application/json"
        value={lock}
        disabled={busy}
        error={error('files')}
        onChange={(file) => {
          upload.reset();
          setLock(file);
        }}
      />
      <TextInput
        label="Address of that Roster"
        description="May stay empty if the lock file names its instance and you give no token."
        placeholder="https://"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={address}
        disabled={busy}
        error={error('address')}
        onChange={({ currentTarget }) => setAddress(currentTarget.value)}
      />
      <PasswordInput
        label="API token"
        description="Of an account there, if what it lists is not public. It is used for this import and then forgotten."
        autoComplete="off"
        className={classes.token ?? ''}
        value={token}
        disabled={busy}
        error={error('token')}
        onChange={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <FormError error={FIELDS.some((field) => error(field)) ? null : upload.error} />
      {busy ? (
        <UploadProgress part={upload.progress} onCancel={upload.cancel} />
      ) : (
        <div className={classes.actions}>
          <Button
            type="submit"
            size="md"
            variant="filled"
            disabled={!team || lock === null}
          >
            Fetch and preview
          </Button>
        </div>
      )}
    </form>
  );
}
