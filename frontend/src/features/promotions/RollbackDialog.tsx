import { Button, Group, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Published, Rollback } from '@/api/types';
import { ChangeError } from '@/features/agents/component/ChangeError';
import { useChange } from '@/features/agents/component/use-change';
import { Dialog } from '@/features/agents/Dialog';
import { toastDone } from '@/ui/toast';
import { rollBack } from './changes';
import classes from './promotion.module.css';

interface RollbackDialogProps {
  component: Published;
  label: string;
  isProtected: boolean;
  onClose: () => void;
}

/** Back to where a label pointed before: at once, or by way of a review. */
export default function RollbackDialog(props: RollbackDialogProps) {
  const { component, label, isProtected, onClose } = props;
  const [message, setMessage] = useState('');
  const navigate = useNavigate();
  const change = useChange(
    () => rollBack(component, label, message.trim()),
    ({ promotion, label: now }: Rollback) => {
      onClose();
      if (promotion?.state === 'open') {
        toastDone(`Asked for ${label} to be rolled back`);
        void navigate({ to: '/reviews/$id', params: { id: promotion.id } });
      } else toastDone(`${label} is back on revision ${now?.number}`);
    },
  );
  return (
    <Dialog onClose={onClose} title={`Roll ${label} of ${component.name} back`}>
      <form
        className={classes.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(undefined);
        }}
      >
        <p>
          {label} goes back to the revision that it pointed at before.{' '}
          {isProtected
            ? 'The team protects it: for an owner it moves at once, for others a review is opened where approvals are missing.'
            : 'It moves at once.'}
        </p>
        <Textarea
          label="Why"
          rows={2}
          maxLength={2000}
          value={message}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
        />
        <ChangeError error={change.error} agent={component} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={change.isPending}>
            Roll back
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
