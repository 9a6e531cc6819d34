import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { describe, isProblem } from '@/api/problem';

/** What a form could not put on one of its fields. */
export function FormError({ error }: { error: unknown }) {
  if (!error) return null;
  const requestId = isProblem(error) && error.status >= 500 ? error.requestId : null;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={16} aria-hidden />}
    >
      {describe(error)}
      {requestId && <div className="mono">Request {requestId}</div>}
    </Alert>
  );
}
