import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import { FormError } from '@/ui/FormError';
import classes from './confirm.module.css';

interface NamedConfirmProps {
  /** A question with the thing's own name: "Delete Harbour crew?" */
  title: string;
  /** What has to be typed. */
  name: string;
  /** What will be, and whether there is a way back. */
  children: ReactNode;
  /** A verb: "Delete team". */
  confirm: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** A question before something grave: it is answered by naming the thing. */
export default function NamedConfirm(props: NamedConfirmProps) {
  const { name, danger = true, busy } = props;
  const [typed, setTyped] = useState('');
  const what = useId();
  return (
    <Modal opened onClose={props.onClose} title={props.title} centered>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name && !busy) props.onConfirm();
        }}
      >
        <div id={what} className={classes.text}>
          {props.children}
        </div>
        <FormError error={props.error} />
        <TextInput
          label={
            <>
              Type <span className={`mono ${classes.name}`}>{name}</span> to confirm
            </>
          }
          aria-describedby={what}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            {...(danger ? { color: 'red' } : {})}
            disabled={typed !== name}
            loading={busy}
          >
            {props.confirm}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
