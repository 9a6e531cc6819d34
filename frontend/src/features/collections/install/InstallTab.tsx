import { IconPackageExport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { CollectionDetail } from '@/api/types';
import { targetsQuery } from '@/features/exports/queries';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import type { InstallSearch } from '../search';
import { Installing } from './Installing';

interface InstallTabProps {
  collection: CollectionDetail;
  search: InstallSearch;
}

/** How a release gets to where it is used: for each tool, in one command. */
export default function InstallTab({ collection, search }: InstallTabProps) {
  const targets = useQuery(targetsQuery);
  const { latest_release: newest, permissions } = collection;
  if (newest === null) {
    return (
      <EmptyState icon={IconPackageExport} title="Nothing to install yet">
        What is installed is a release: the same bytes for everybody who takes it.{' '}
        {permissions.edit
          ? 'Make the first one with the button Release.'
          : 'Whoever edits this collection makes the first one.'}
      </EmptyState>
    );
  }
  if (targets.isPending) return <RowsSkeleton rows={8} />;
  if (!targets.data) {
    return <ErrorState error={targets.error} onRetry={() => void targets.refetch()} />;
  }
  return (
    <Installing
      collection={collection}
      newest={newest}
      targets={targets.data}
      search={search}
    />
  );
}
