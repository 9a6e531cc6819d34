import { Button, Group } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleDashed,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComponentPublic, Secret } from '@/api/types';
import { authorOf } from '@/features/agents/component/people';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { RelativeTime } from '@/ui/facts';
import { toastDone } from '@/ui/toast';
import { removeSecret, secretsQuery } from './queries';
import { RevealSecret } from './RevealSecret';
import classes from './secrets.module.css';
import { useSecretChange } from './use-secret-change';
import { WriteSecret } from './WriteSecret';

interface SecretRowProps {
  name: string;
  server: ComponentPublic;
  /** None: its configuration names the variable, and nobody wrote a value. */
  secret: Secret | undefined;
  used: boolean;
}

type Doing = 'write' | 'reveal' | 'remove' | null;

export function SecretRow({ name, server, secret, used }: SecretRowProps) {
  const [doing, setDoing] = useState<Doing>(null);
  const owner = server.permissions.manage;
  const done = () => setDoing(null);
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>
          <code className="mono">{name}</code>
          <State secret={secret} />
        </div>
        {secret && (
          <div className="muted">
            Written by {authorOf(secret.written_by)},{' '}
            <RelativeTime at={secret.updated_at} />
            {!used && '. The configuration does not name it.'}
          </div>
        )}
        {secret?.state === 'detached' && (
          <p className={classes.explained}>
            The command or address of the server was changed after this was written, so
            nothing gets the value.{' '}
            {owner
              ? 'If the new one may have it, write it again; else go back to the former revision.'
              : `Owners of ${server.team.name} can write it again, if the new one may have it.`}
          </p>
        )}
      </div>
      {owner && (
        <Group gap="xs" className={classes.actions ?? ''}>
          <Button
            size="xs"
            aria-label={`${secret ? 'Replace' : 'Write'} ${name}`}
            onClick={() => setDoing('write')}
          >
            {secret ? 'Replace' : 'Write'}
          </Button>
          {secret?.state === 'attached' && (
            <Button
              size="xs"
              aria-label={`Reveal ${name}`}
              onClick={() => setDoing('reveal')}
            >
              Reveal
            </Button>
          )}
          {secret && (
            <Button
              size="xs"
              aria-label={`Remove ${name}`}
              onClick={() => setDoing('remove')}
            >
              Remove
            </Button>
          )}
        </Group>
      )}
      {doing === 'write' && (
        <WriteSecret server={server} name={name} present={secret} onClose={done} />
      )}
      {doing === 'reveal' && (
        <RevealSecret server={server} name={name} onClose={done} />
      )}
      {secret && (
        <RemoveSecret
          server={server}
          secret={secret}
          opened={doing === 'remove'}
          onClose={done}
        />
      )}
    </li>
  );
}

function State({ secret }: { secret: Secret | undefined }) {
  const [Icon, word] = !secret
    ? ([IconCircleDashed, 'Not written'] as const)
    : secret.state === 'attached'
      ? ([IconCircleCheck, 'Attached'] as const)
      : ([IconPlugConnectedX, 'Detached'] as const);
  return (
    <span className={classes.state} data-state={secret?.state ?? 'missing'}>
      <Icon size={14} stroke={1.8} aria-hidden />
      {word}
    </span>
  );
}

interface RemoveSecretProps {
  server: ComponentPublic;
  secret: Secret;
  opened: boolean;
  onClose: () => void;
}

function RemoveSecret({ server, secret, opened, onClose }: RemoveSecretProps) {
  const client = useQueryClient();
  const change = useSecretChange(
    server.id,
    () => removeSecret(server.id, secret),
    () => {
      onClose();
      toastDone(`Removed ${secret.key} from ${server.name}`);
      // Gone from here at once, whatever else is read again.
      client.setQueryData(secretsQuery(server.id).queryKey, (before) =>
        before?.filter(({ key }) => key !== secret.key),
      );
    },
  );
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove ${secret.key} from ${server.name}?`}
      confirm="Remove secret"
      danger
      busy={change.isPending}
      onConfirm={() => change.mutate(undefined)}
      onClose={onClose}
    >
      The value is gone for good. Whatever uses it asks for {secret.key} from then on.
    </ConfirmDialog>
  );
}
