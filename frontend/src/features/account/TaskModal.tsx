import { Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';

interface TaskModalProps {
  opened: boolean;
  title: string;
  size?: 'md' | 'lg';
  /** What it shows is shown this once: no slip closes it. */
  once: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that comes after the page, and gives the focus back where it was. */
export function TaskModal({ opened, once, children, ...others }: TaskModalProps) {
  // Opening is always a change, on the first time too: it notes where focus returns.
  const [shown, setShown] = useState(false);
  useEffect(() => setShown(opened), [opened]);
  return (
    <Modal
      {...others}
      opened={shown}
      centered
      closeOnClickOutside={!once}
      closeOnEscape={!once}
      withCloseButton={!once}
    >
      {children}
    </Modal>
  );
}
