import { useMutation, useQueryClient } from '@tanstack/react-query';
import ConfirmModal from '@/ui/ConfirmModal';
import { toastDone } from '@/ui/toast';
import { discardImport } from './changes';
import { importKeys } from './queries';
import type { ImportPublic } from './types';

interface DiscardDialogProps {
  of: ImportPublic;
  /** What it is called. */
  what: string;
  opened: boolean;
  onClose: () => void;
}

export default function DiscardDialog({
  of,
  what,
  opened,
  onClose,
}: DiscardDialogProps) {
  const client = useQueryClient();
  const discard = useMutation({
    mutationFn: () => discardImport(of.id),
    onSuccess: async () => {
      onClose();
      toastDone(`Discarded the ${what}`);
      await Promise.all([
        client.invalidateQueries({ queryKey: importKeys.list }),
        client.invalidateQueries({ queryKey: importKeys.one(of.id) }),
      ]);
    },
  });
  return (
    <ConfirmModal
      opened={opened}
      title={`Discard this ${what}?`}
      confirm="Discard import"
      danger
      busy={discard.isPending}
      onConfirm={() => discard.mutate()}
      onClose={onClose}
    >
      Its files and what you decided about them go for good. The registry stays as it
      is, with what of it is applied already, and your own files too.
    </ConfirmModal>
  );
}
