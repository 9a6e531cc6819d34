import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { describe, isProblem, OfflineError } from '@/api/problem';

/** What went wrong, once, with the request id to quote. */
export function toastError(error: unknown) {
  // The banner says this already.
  if (error instanceof OfflineError) return;
  const problem = isProblem(error) ? error : null;
  notifications.show({
    id: problem ? `${problem.code}:${problem.message}` : describe(error),
    title: problem?.title ?? 'That did not work',
    message: (
      <>
        {problem?.detail ?? (problem ? null : describe(error))}
        {problem?.requestId && (
          <div className="muted mono">Request {problem.requestId}</div>
        )}
      </>
    ),
    color: 'red',
    icon: <IconAlertTriangle size={16} aria-hidden />,
    autoClose: 12_000,
    role: 'alert',
  });
}

/** What was done; with `undo`, a way back. */
export function toastDone(message: string, undo?: () => void) {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    role: 'status',
    color: 'teal',
    icon: <IconCheck size={16} aria-hidden />,
    message: undo ? (
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <span>{message}</span>
        <Button
          size="xs"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ) : (
      message
    ),
  });
}
