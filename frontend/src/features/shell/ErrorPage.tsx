import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { ErrorState } from '@/ui/ErrorState';
import { InMain } from './InMain';

/** Where a page would be, when it could not be shown. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <InMain>
      <ErrorState
        error={error}
        heading="h1"
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </InMain>
  );
}
