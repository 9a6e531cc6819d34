import { Button, Group, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ConfirmDialogProps } from './ConfirmDialog';

/** The modal of a `<ConfirmDialog>`, in its own chunk. */
export default function ConfirmModal(props: ConfirmDialogProps) {
  const { danger = false, busy = false } = props;
  // Opening is always a change, on the first time too: it notes where focus returns.
  const [shown, setShown] = useState(false);
  useEffect(() => setShown(props.opened), [props.opened]);
  return (
    <Modal opened={shown} onClose={props.onClose} title={props.title} centered>
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
