import { Button, Group } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { sessionState } from '@/api/session';
import { Dialog } from '../Dialog';
import type { DraftSync } from './draft-sync';

interface LeaveGuardProps {
  sync: DraftSync;
  /** What would be left: "new-agent is not published." */
  why: string;
}

/** Asks before text is left that nobody but this tab has. */
export function LeaveGuard({ sync, why }: LeaveGuardProps) {
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname) return false;
      // Signing in again comes back here, and the tab keeps the text meanwhile.
      if (sessionState().status !== 'signed-in') return false;
      return !(await sync.flush());
    },
    enableBeforeUnload: () => sync.isDirty(),
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog onClose={blocker.reset} title="Leave this page?">
      <p>
        {why} Your text stays in this tab until you close it: open this page again to go
        on.
      </p>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button onClick={blocker.proceed}>Leave</Button>
        <Button variant="filled" onClick={blocker.reset} data-autofocus>
          Stay
        </Button>
      </Group>
    </Dialog>
  );
}
