import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { describe, isProblem } from '@/api/problem';
import { toastDone } from '@/ui/toast';
import classes from './apply.module.css';
import type { ImportPublic } from './types';
import { useCompareAgain, useRefreshImport } from './use-decide';

interface ApplyErrorProps {
  of: ImportPublic;
  error: Error;
  onDone: () => void;
}

/** Why applying was refused, and the way on. Nothing was stored. */
export function ApplyError({ of, error, onDone }: ApplyErrorProps) {
  const refresh = useRefreshImport(of.id);
  const compare = useCompareAgain(of.id);
  const stale = isProblem(error, 'stale');
  const conflict = isProblem(error) && error.status === 409;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={16} aria-hidden />}
      title={stale ? 'This import was changed elsewhere' : 'Nothing was stored'}
    >
      <p className={classes.reason}>
        {stale
          ? 'Somebody, perhaps you in another tab, decided something since this page was read. Look at it as it is now, then apply.'
          : describe(error)}
        {isProblem(error) && error.status >= 500 && (
          <span className="mono"> Request {error.requestId}</span>
        )}
      </p>
      {stale && (
        <Button
          size="xs"
          onClick={async () => {
            await refresh();
            onDone();
          }}
        >
          Read it again
        </Button>
      )}
      {conflict && (
        <Button
          size="xs"
          loading={compare.isPending}
          onClick={() =>
            compare.mutate(undefined, {
              onSuccess: () => {
                onDone();
                toastDone('Compared again; what you decided stays');
              },
            })
          }
        >
          Compare again with the registry
        </Button>
      )}
    </Alert>
  );
}
