import { IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { keys } from '@/api/queries';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { FailedImport } from './FailedImport';
import { ImportSkeleton } from './ImportSkeleton';
import { Preview } from './Preview';
import { importKeys, importQuery, isUnderWay } from './queries';
import { Report } from './Report';
import type { ImportSearch } from './search';
import type { ImportState } from './types';
import { Working } from './Working';

export interface ImportPageProps {
  id: string;
  search: ImportSearch;
  onSearch: (search: ImportSearch) => void;
}

/**
 * One state of an import takes the place of another: what the new one says comes first,
 * and what a job did is read anew.
 */
function useAfterChange(id: string, state: ImportState | undefined) {
  const client = useQueryClient();
  const before = useRef(state);
  useEffect(() => {
    const was = before.current;
    before.current = state;
    if (was === undefined || was === state) return;
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    if (!isUnderWay({ state: was })) return;
    for (const queryKey of [
      importKeys.files(id),
      importKeys.list,
      keys.components,
      keys.agents,
    ]) {
      void client.invalidateQueries({ queryKey });
    }
  }, [client, id, state]);
}

/** One import: how far its reading is, its preview, and after applying its report. */
export function ImportPage({ id, search, onSearch }: ImportPageProps) {
  const found = useQuery(importQuery(id));
  useAfterChange(id, found.data?.state);
  if (!found.data) {
    if (!found.error) return <ImportSkeleton />;
    return (
      <ErrorState error={found.error} heading="h1" onRetry={() => found.refetch()} />
    );
  }
  if (isUnderWay(found.data)) return <Working of={found.data} />;
  if (found.data.state === 'failed') return <FailedImport of={found.data} />;
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
        Its files are gone from the server. The registry holds no more of it than what
        was applied before.
      </EmptyState>
    );
  }
  return <Preview of={found.data} search={search} onSearch={onSearch} />;
}
