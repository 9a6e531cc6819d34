import { IconMapQuestion } from '@tabler/icons-react';
import { EmptyState } from '@/ui/EmptyState';
import { ButtonLink } from '@/ui/links';
import { InMain } from './InMain';

export function NotFoundPage() {
  return (
    <InMain>
      <EmptyState
        heading="h1"
        icon={IconMapQuestion}
        title="There is nothing at this address"
        action={
          <ButtonLink to="/" variant="filled">
            Go to agents
          </ButtonLink>
        }
      >
        It may have been removed, or you may not be allowed to see it.
      </EmptyState>
    </InMain>
  );
}
