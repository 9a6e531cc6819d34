import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormError } from '@/ui/FormError';
import classes from '../account.module.css';
import { rotateToken } from '../changes';
import { accountKeys } from '../queries';
import type { ApiTokenPublic } from '../types';
import { TokenOnce } from './TokenOnce';

/** A new secret with the same rights, in place of the old one. */
export function RotateToken({ token: { id, name } }: { token: ApiTokenPublic }) {
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => rotateToken(id),
    // The secret goes when nothing shows it any more.
    gcTime: 0,
    meta: { quiet: true },
    onSuccess: () => client.invalidateQueries({ queryKey: accountKeys.tokens }),
  });
  const made = rotate.data;
  const close = () => {
    setOpened(false);
    rotate.reset();
  };
  return (
    <>
      <Button size="xs" aria-label={`Rotate ${name}`} onClick={() => setOpened(true)}>
        Rotate
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={made ? `Keep the token of ${name}` : `Rotate ${name}?`}
        size="lg"
        centered
        closeOnClickOutside={!made}
        closeOnEscape={!made}
        withCloseButton={!made}
      >
        {made ? (
          <TokenOnce token={made.token} onDone={close} />
        ) : (
          <div className={classes.form}>
            <p className={classes.plain}>
              It gets a new secret with the same scopes and teams, and its time begins
              anew. The old one stops working at once.
            </p>
            <FormError error={rotate.error} />
            <Group justify="flex-end" gap="xs">
              <Button onClick={close} data-autofocus>
                Cancel
              </Button>
              <Button
                variant="filled"
                loading={rotate.isPending}
                onClick={() => rotate.mutate()}
              >
                Rotate
              </Button>
            </Group>
          </div>
        )}
      </Modal>
    </>
  );
}
