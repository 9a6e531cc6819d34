import { Modal, type ModalProps } from '@mantine/core';

/** Dialogs stand outside of `main`, where a plain `header` would be a second banner. */
export function Dialog(props: Omit<ModalProps, 'opened' | 'centered' | 'attributes'>) {
  return (
    <Modal
      {...props}
      opened
      centered
      attributes={{ header: { role: 'presentation' } }}
    />
  );
}
