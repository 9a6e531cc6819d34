import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface ConfirmDialogProps {
  opened: boolean;
  /** A question with the thing's own name: "Delete code-reviewer?" */
  title: string;
  /** What will be, and whether there is a way back. */
  children: ReactNode;
  /** A verb: "Delete". */
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { danger = false, busy = false } = props;
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      centered
      // Mantine's `header` would be a second banner of the page.
      attributes={{ header: { role: 'presentation' } }}
    >
      <div>{props.children}</div>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button onClick={props.onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          variant="filled"
          {...(danger ? { color: 'red' } : {})}
          loading={busy}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </Button>
      </Group>
    </Modal>
  );
}
