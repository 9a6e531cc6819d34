import { Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { keys } from '@/api/queries';
import type { ComponentPublic } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { remove } from '@/features/lifecycle/changes';
import { toastDone } from '@/ui/toast';
import { refreshAgents, restoreComponent } from '../changes';
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
  const { name, team, published } = agent;
  const [reason, setReason] = useState('');
  const undo = useMutation({
    mutationFn: restoreComponent,
    onSuccess: async () => {
      await refreshAgents(client);
      toastDone(`Restored ${name}`);
    },
  });
  const gone = useMutation({
    mutationFn: () => remove(agent, reason.trim()),
    meta: { quiet: true },
    onSuccess: async () => {
      toastDone(`Deleted ${name}`, published ? () => undo.mutate(agent) : undefined);
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
          {published
            ? `It leaves every list at once. Its revisions are kept, its name stays taken, and an owner of ${team.name} can restore it.`
            : 'It was never published, so it is gone for good, and its name is free.'}
        </div>
        {published && (
          <TextInput
            label="Reason"
            description="Its tombstone says so to everybody who could see it."
            maxLength={500}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
        )}
        <ChangeError error={gone.error} agent={agent} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            variant="filled"
            color="red"
            loading={gone.isPending}
            onClick={() => gone.mutate()}
          >
            Delete
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}
