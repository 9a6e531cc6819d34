import { Alert } from '@mantine/core';
import { IconRefreshAlert } from '@tabler/icons-react';
import { isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';
import { FormError } from '@/ui/FormError';
import { authorOf } from './people';

interface ChangeErrorProps {
  error: Error | null;
  /** As it is now, read again. */
  agent: Pick<ComponentPublic, 'name' | 'latest'>;
}

/** What stood in the way of a change; a stale one can be tried again at once. */
export function ChangeError({ error, agent }: ChangeErrorProps) {
  const { latest } = agent;
  if (!isProblem(error, 'stale')) return <FormError error={error} />;
  return (
    <Alert
      role="alert"
      color="yellow"
      variant="light"
      icon={<IconRefreshAlert size={16} aria-hidden />}
    >
      {agent.name} was changed while you looked at it. It was read again
      {latest && (
        <>
          : the newest revision is {latest.number}, by {authorOf(latest.author)}
        </>
      )}
      . Look again, and repeat it if you still want to.
    </Alert>
  );
}
