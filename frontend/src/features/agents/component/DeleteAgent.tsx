import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { keys } from '@/api/queries';
import type { ComponentPublic } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { toastDone } from '@/ui/toast';
import { deleteComponent, refreshAgents, restoreComponent } from '../changes';
import { Dialog } from '../Dialog';
import { ChangeError } from './ChangeError';
import classes from './dialogs.module.css';

interface DeleteAgentProps {
  agent: ComponentPublic;
  onClose: () => void;
}

export function DeleteAgent({ agent, onClose }: DeleteAgentProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { name, team, latest } = agent;
  const undo = useMutation({
    mutationFn: restoreComponent,
    onSuccess: async () => {
      await refreshAgents(client);
      toastDone(`Restored ${name}`);
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteComponent(agent),
    meta: { quiet: true },
    onSuccess: async () => {
      toastDone(`Deleted ${name}`, () => undo.mutate(agent));
      // Away from the page first: what it shows can no longer be read.
      await navigate({ to: '/$plural', params: placeOf(agent) });
      client.removeQueries({ queryKey: [...keys.components, agent.id] });
      await refreshAgents(client);
    },
    onError: () => refreshAgents(client),
  });
  return (
    <Dialog onClose={onClose} title={`Delete ${name}?`}>
      <div className={classes.form}>
        <div>
          It leaves every list at once. Its{' '}
          {latest?.number === 1 ? 'revision is' : 'revisions are'} kept, its name stays
          taken, and an owner of {team.name} can restore it.
        </div>
        <ChangeError error={remove.error} agent={agent} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            variant="filled"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Delete
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}
