import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { Published } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { ButtonLink } from '@/ui/links';
import { toastDone } from '@/ui/toast';
import { restoreRevision } from '../changes';
import { Dialog } from '../Dialog';
import { ChangeError } from './ChangeError';
import classes from './dialogs.module.css';
import { useChange } from './use-change';

interface RestoreDialogProps {
  agent: Published;
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
    <Dialog onClose={onClose} title={`Restore revision ${number} of ${agent.name}?`}>
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
          <ButtonLink
            variant="subtle"
            mr="auto"
            to="/$plural/$team/$name/edit"
            params={placeOf(agent)}
            search={{ restore: number }}
          >
            Edit it first
          </ButtonLink>
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
    </Dialog>
  );
}
