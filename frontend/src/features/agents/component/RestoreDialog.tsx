import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { restoreRevision } from '@/features/lifecycle/changes';
import { ButtonLink } from '@/ui/links';
import { toastDone } from '@/ui/toast';
import { Dialog } from '../Dialog';
import { ChangeError } from './ChangeError';
import classes from './dialogs.module.css';
import { useChange } from './use-change';

interface RestoreDialogProps {
  agent: ComponentPublic;
  number: number;
  /** The number that it is going to have. */
  next: number;
  onClose: () => void;
}

/** Going back is going on: the old content becomes the newest revision. */
export default function RestoreDialog(props: RestoreDialogProps) {
  const { agent, number, next, onClose } = props;
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
          Its content is published once more, as revision {next}. All revisions stay
          {agent.draft && ', and so does your draft'}.
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
            Publish revision {next}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
