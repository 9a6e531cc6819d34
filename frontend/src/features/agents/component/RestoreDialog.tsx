import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';
import { toastDone } from '@/ui/toast';
import { restoreRevision } from '../changes';
import { ChangeError } from './ChangeError';
import classes from './dialogs.module.css';
import { useChange } from './use-change';

interface RestoreDialogProps {
  agent: ComponentPublic;
  number: number;
  onClose: () => void;
}

/** Going back is going on: the old content becomes the newest revision. */
export default function RestoreDialog({ agent, number, onClose }: RestoreDialogProps) {
  const [message, setMessage] = useState(`Restore revision ${number}`);
  const restore = useChange(
    () => restoreRevision(agent, number, message.trim()),
    (revision) => {
      toastDone(`Published revision ${revision.number} of ${agent.name}`);
      onClose();
    },
  );
  const same = isProblem(restore.error, 'unchanged');
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Restore revision ${number} of ${agent.name}?`}
      centered
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          restore.mutate(undefined);
        }}
      >
        <div>
          Its content is published once more, as revision {agent.latest.number + 1}. All
          revisions stay.{' '}
          {agent.draft && 'Your draft of this agent is discarded by it.'}
        </div>
        <TextInput
          label="Message"
          maxLength={2000}
          value={message}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
          data-autofocus
        />
        <ChangeError error={restore.error} agent={agent} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={restore.isPending}
            disabled={same}
          >
            Publish revision {agent.latest.number + 1}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
