import { IconEyeOff, IconFileAlert } from '@tabler/icons-react';
import { isProblem } from '@/api/problem';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';

/** Why there is nothing to export, where that is known. */
export function PreviewError({
  error,
  onRetry,
}: {
  error: unknown;
  onRetry: () => void;
}) {
  const status = isProblem(error) ? error.status : null;
  if (status === 410 && isProblem(error)) {
    return (
      <div role="alert">
        <EmptyState
          icon={IconEyeOff}
          title="Something of this release was redacted"
          heading="h3"
        >
          {error.detail} It cannot be taken any more. Choose another release.
        </EmptyState>
      </div>
    );
  }
  if (status === 413 && isProblem(error)) {
    return (
      <div role="alert">
        <EmptyState icon={IconFileAlert} title="This release is too large" heading="h3">
          {error.detail}
        </EmptyState>
      </div>
    );
  }
  return <ErrorState error={error} onRetry={onRetry} heading="h3" />;
}
