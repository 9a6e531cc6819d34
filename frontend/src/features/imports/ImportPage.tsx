import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { ImportSkeleton } from './ImportSkeleton';
import { Preview } from './Preview';
import { importQuery } from './queries';
import { Report } from './Report';
import type { ImportSearch } from './search';

export interface ImportPageProps {
  id: string;
  search: ImportSearch;
  onSearch: (search: ImportSearch) => void;
}

/** The report takes the place of the preview: what it says comes first. */
function useFocusAfterApply(state: string | undefined) {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === 'preview' && state !== 'preview') {
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    }
    before.current = state;
  }, [state]);
}

/** One import: its preview, and after applying its report. */
export function ImportPage({ id, search, onSearch }: ImportPageProps) {
  const found = useQuery(importQuery(id));
  useFocusAfterApply(found.data?.state);
  if (!found.data) {
    if (!found.error) return <ImportSkeleton />;
    return (
      <ErrorState error={found.error} heading="h1" onRetry={() => found.refetch()} />
    );
  }
  if (found.data.state === 'applied') {
    return <Report of={found.data} search={search} />;
  }
  if (found.data.state === 'discarded') {
    return (
      <EmptyState
        icon={IconTrash}
        title="This import was discarded"
        heading="h1"
        action={<ButtonLink to="/imports/new">Import files</ButtonLink>}
      >
        Nothing of it entered the registry, and its files are gone from the server.
      </EmptyState>
    );
  }
  return <Preview of={found.data} search={search} onSearch={onSearch} />;
}
