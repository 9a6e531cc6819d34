import { Modal, type ModalProps } from '@mantine/core';

/** A dialog that is there for as long as it is rendered. */
export function Dialog(props: Omit<ModalProps, 'opened' | 'centered'>) {
  return <Modal {...props} opened centered />;
}
