import { Button, Group, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Dialog } from '@/features/agents/Dialog';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { changeRepository, refreshUpstreams } from './changes';
import type { Repository } from './types';
import classes from './upstreams.module.css';
import { shortUrl } from './words';

interface TokenDialogProps {
  repository: Repository;
  onClose: () => void;
}

/** Takes a token once; it is never shown in a field again. */
export function TokenDialog({ repository, onClose }: TokenDialogProps) {
  const [token, setToken] = useState('');
  const client = useQueryClient();
  const verb = repository.has_token ? 'Replace' : 'Add';
  const write = useMutation({
    mutationFn: () => changeRepository(repository, { token }),
    meta: { quiet: true },
    // It goes when nothing shows it any more.
    gcTime: 0,
    onSuccess: () => {
      toastDone(repository.has_token ? 'Replaced the token' : 'Added a token');
      onClose();
    },
    onSettled: () => refreshUpstreams(client),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token && !write.isPending) write.mutate();
  };
  return (
    <Dialog
      onClose={onClose}
      title={`${verb} the token of ${shortUrl(repository.url)}`}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <PasswordInput
          label="Token"
          description="An access token that may read it. Kept encrypted and sent to this address alone; it is not shown here again."
          value={token}
          maxLength={1000}
          autoComplete="off"
          data-autofocus
          onChange={({ currentTarget }) => setToken(currentTarget.value.trim())}
        />
        <FormError error={write.error} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={write.isPending}
            disabled={!token}
          >
            {verb}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
