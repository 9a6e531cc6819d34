import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { ChangeError } from '@/features/agents/component/ChangeError';
import { useChange } from '@/features/agents/component/use-change';
import { Dialog } from '@/features/agents/Dialog';
import { toastDone } from '@/ui/toast';
import { unyank, yank } from './changes';
import { fieldError, restOf } from './field-error';
import classes from './lifecycle.module.css';

interface YankDialogProps {
  agent: ComponentPublic;
  number: number;
  onClose: () => void;
}

/** Withdraws a revision; nothing of it goes. */
export default function YankDialog({ agent, number, onClose }: YankDialogProps) {
  const [reason, setReason] = useState('');
  const back = useChange(
    // Whatever happened since, this revision counts again.
    () => unyank({ ...agent, etag: '*' }, number),
    () => toastDone(`Revision ${number} of ${agent.name} counts again`),
  );
  const change = useChange(
    () => yank(agent, number, reason.trim()),
    () => {
      toastDone(`Yanked revision ${number} of ${agent.name}`, () =>
        back.mutate(undefined),
      );
      onClose();
    },
  );
  return (
    <Dialog onClose={onClose} title={`Yank revision ${number} of ${agent.name}?`}>
      <form
        className={classes.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim()) change.mutate(undefined);
        }}
      >
        <div>
          It stays readable for those who have its number, and says why it should not be
          used.{' '}
          {number === agent.latest?.number &&
            'The label latest moves to the newest one that is left.'}
        </div>
        <TextInput
          label="Reason"
          maxLength={500}
          value={reason}
          error={fieldError(change.error, 'reason')}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          data-autofocus
        />
        <ChangeError error={restOf(change.error, 'reason')} agent={agent} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            color="red"
            loading={change.isPending}
            disabled={!reason.trim()}
          >
            Yank revision {number}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
