import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FormError } from '@/ui/FormError';
import classes from '../account.module.css';
import { rotateToken } from '../changes';
import { accountKeys } from '../queries';
import { TaskModal } from '../TaskModal';
import type { ApiTokenPublic } from '../types';
import { TokenOnce } from './TokenOnce';

interface RotateDialogProps {
  token: ApiTokenPublic;
  opened: boolean;
  onClose: () => void;
}

/** A new secret with the same rights, in place of the old one. */
export default function RotateDialog({ token, opened, onClose }: RotateDialogProps) {
  const client = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => rotateToken(token.id),
    // The secret goes when nothing shows it any more.
    gcTime: 0,
    meta: { quiet: true },
    onSuccess: () => client.invalidateQueries({ queryKey: accountKeys.tokens }),
  });
  const made = rotate.data;
  const close = () => {
    onClose();
    rotate.reset();
  };
  return (
    <TaskModal
      opened={opened}
      onClose={close}
      title={made ? `Keep the token of ${token.name}` : `Rotate ${token.name}?`}
      size="lg"
      once={made !== undefined}
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
    </TaskModal>
  );
}
