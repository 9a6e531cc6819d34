import type { ReactNode } from 'react';
import { useCode } from '@/lib/use-code';

const modal = () => import('./ConfirmModal');

export interface ConfirmDialogProps {
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

/** A question before something that matters; its code comes after the page. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const Modal = useCode(modal, props.opened);
  return Modal && <Modal {...props} />;
}
