import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ComponentPublic } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastDone } from '@/ui/toast';
import { deleteComponent, refreshAgents, restoreComponent } from '../changes';
import { ChangeError } from './ChangeError';
import { useChange } from './use-change';

interface DialogProps {
  agent: ComponentPublic;
  onClose: () => void;
}

export function DeleteAgent({ agent, onClose }: DialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const undo = useMutation({
    mutationFn: restoreComponent,
    onSuccess: async () => {
      await refreshAgents(client);
      toastDone(`Restored ${agent.name}`);
    },
  });
  const remove = useChange(
    () => deleteComponent(agent),
    () => {
      toastDone(`Deleted ${agent.name}`, () => undo.mutate(agent));
      void navigate({ to: '/agents' });
    },
  );
  return (
    <ConfirmDialog
      opened
      title={`Delete ${agent.name}?`}
      confirm="Delete"
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      It leaves every list at once. Its{' '}
      {agent.latest.number === 1
        ? 'revision is'
        : `${agent.latest.number} revisions are`}{' '}
      kept, its name stays taken, and an owner of {agent.team.name} can restore it.
      <ChangeError error={remove.error} agent={agent} />
    </ConfirmDialog>
  );
}
