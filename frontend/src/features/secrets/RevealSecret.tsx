import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { Dialog } from '@/features/agents/Dialog';
import { CopyButton } from '@/ui/CopyButton';
import { FormError } from '@/ui/FormError';
import { revealSecret } from './queries';
import classes from './secrets.module.css';
import { useSecretChange } from './use-secret-change';

const LEAST_REASON = 3;

interface RevealSecretProps {
  server: ComponentPublic;
  name: string;
  onClose: () => void;
}

/** Asks why, then shows the value until the dialog is closed. */
export function RevealSecret({ server, name, onClose }: RevealSecretProps) {
  const [reason, setReason] = useState('');
  const reveal = useSecretChange(
    server.id,
    () => revealSecret(server.id, name, reason.trim()),
    () => {},
    { quiet: true },
  );
  const ready = reason.trim().length >= LEAST_REASON;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !reveal.isPending) reveal.mutate(undefined);
  };
  return (
    <Dialog
      onClose={onClose}
      title={reveal.data ? `${name} of ${server.name}` : `Reveal ${name}?`}
    >
      {reveal.data ? (
        <Shown value={reveal.data.value} onClose={onClose} />
      ) : (
        <form className={classes.form} onSubmit={submit} noValidate>
          <p className={classes.plain}>
            The audit of {server.team.name} keeps that you saw it, and why. Ten values
            an hour are shown to one person.
          </p>
          <TextInput
            label="Reason"
            maxLength={500}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <FormError error={reveal.error} />
          <Group justify="flex-end" gap="xs">
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              variant="filled"
              loading={reveal.isPending}
              disabled={!ready}
            >
              Reveal
            </Button>
          </Group>
        </form>
      )}
    </Dialog>
  );
}

function Shown({ value, onClose }: { value: string; onClose: () => void }) {
  const lead = useRef<HTMLParagraphElement>(null);
  // What the focus was on is gone.
  useEffect(() => lead.current?.focus(), []);
  return (
    <div className={classes.form}>
      <p ref={lead} tabIndex={-1} className={classes.plain}>
        It is shown until you close this.
      </p>
      <div>
        <section className={classes.value} aria-label="The value">
          <code className="mono">{value}</code>
        </section>
        <CopyButton text={value}>Copy value</CopyButton>
      </div>
      <Group justify="flex-end">
        <Button variant="filled" onClick={onClose}>
          Hide it
        </Button>
      </Group>
    </div>
  );
}
