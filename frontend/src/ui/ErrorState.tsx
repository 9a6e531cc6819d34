import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconClockPause,
  IconLock,
  IconMapQuestion,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { describe, isProblem, OfflineError } from '@/api/problem';
import { useCountdown } from '@/lib/use-countdown';
import { EmptyState } from './EmptyState';

function look(error: unknown) {
  if (error instanceof OfflineError)
    return { icon: IconPlugConnectedX, title: 'No connection' };
  if (!isProblem(error))
    return { icon: IconAlertTriangle, title: 'This page could not be shown' };
  if (error.status === 404)
    return { icon: IconMapQuestion, title: 'There is nothing at this address' };
  if (error.status === 403)
    return { icon: IconLock, title: 'You are not allowed to see this' };
  if (error.status === 429)
    return { icon: IconClockPause, title: 'Too many requests for the moment' };
  return { icon: IconAlertTriangle, title: error.title };
}

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
  heading?: 'h1' | 'h2' | 'h3';
}

/** Shown where the data would be: what happened, the request id, a way on. */
export function ErrorState({ error, onRetry, heading = 'h2' }: ErrorStateProps) {
  const { icon, title } = look(error);
  const problem = isProblem(error) ? error : null;
  const wait = useCountdown(problem?.retryAfter ?? null, error);
  return (
    <div role="alert">
      <EmptyState
        icon={icon}
        title={title}
        heading={heading}
        action={
          onRetry && (
            <Button onClick={onRetry} disabled={wait > 0}>
              {wait > 0 ? `Try again in ${wait} s` : 'Try again'}
            </Button>
          )
        }
      >
        {problem?.detail ?? describe(error)}
        {problem?.requestId && <div className="mono">Request {problem.requestId}</div>}
      </EmptyState>
    </div>
  );
}
