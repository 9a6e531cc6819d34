import { Button } from '@mantine/core';
import { IconArchive, IconMapQuestion } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import type { CollectionDetail } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { RowsSkeleton } from '@/ui/skeletons';
import { CollectionHeader } from './CollectionHeader';
import { CollectionTabs } from './CollectionTabs';
import { keep, unarchiveCollection } from './changes';
import classes from './collections.module.css';
import { collectionQuery } from './queries';
import type { CollectionSearch, InstallSearch, Tab } from './search';

const views = {
  entries: lazy(() => import('./entries/EntriesTab')),
  releases: lazy(() => import('./releases/ReleasesTab')),
  usage: lazy(() => import('./UsageTab')),
  settings: lazy(() => import('./SettingsTab')),
};
const InstallTab = lazy(() => import('./install/InstallTab'));

type Shown =
  | { tab: Exclude<Tab, 'install'>; search: CollectionSearch }
  | { tab: 'install'; search: InstallSearch };

interface CollectionPageProps {
  team: string;
  name: string;
  shown: Shown;
}

export function CollectionPage({ team, name, shown }: CollectionPageProps) {
  const navigate = useNavigate();
  const { data, isPending, error, refetch } = useQuery(collectionQuery(team, name));
  const present = data?.reference ?? `${team}/${name}`;
  useEffect(() => {
    const [slug = '', called = ''] = present.split('/');
    if (slug === team && called === name) return;
    // Found under a former name: the address says the present one.
    const params = { team: slug, name: called };
    const there =
      shown.tab === 'install'
        ? ({ to: '/collections/$team/$name/install', search: shown.search } as const)
        : ({ to: '/collections/$team/$name', search: shown.search } as const);
    void navigate({ ...there, params, replace: true });
  }, [present, team, name, shown, navigate]);
  if (isPending) return <RowsSkeleton rows={8} />;
  if (error && data === undefined) {
    return <ErrorState heading="h1" error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <EmptyState
        heading="h1"
        icon={IconMapQuestion}
        title={`There is no collection ${team}/${name}`}
        action={<ButtonLink to="/collections">Go to collections</ButtonLink>}
      >
        It may never have been there, or you may not be allowed to see it: both look the
        same from here.
      </EmptyState>
    );
  }
  return <Loaded collection={data} shown={shown} />;
}

interface LoadedProps {
  collection: CollectionDetail;
  shown: Shown;
}

function Loaded({ collection, shown }: LoadedProps) {
  return (
    <>
      <CollectionHeader collection={collection} />
      {collection.archived_at && <Archived collection={collection} />}
      <CollectionTabs collection={collection} tab={shown.tab} />
      <Suspense fallback={<RowsSkeleton rows={6} />}>
        <View collection={collection} shown={shown} />
      </Suspense>
    </>
  );
}

function View({ collection, shown }: LoadedProps) {
  if (shown.tab === 'install') {
    return <InstallTab collection={collection} search={shown.search} />;
  }
  const Tab = views[shown.tab];
  return <Tab collection={collection} search={shown.search} />;
}

function Archived({ collection }: { collection: CollectionDetail }) {
  const client = useQueryClient();
  const unarchive = useMutation({
    mutationFn: () => unarchiveCollection(collection),
    onSuccess: (present) => keep(client, present),
  });
  return (
    <div className={classes.notice} role="note">
      <IconArchive size={16} stroke={1.7} aria-hidden />
      <span className={classes.noticeText}>
        It is archived: it stays as it is, and lists leave it out. Its releases can be
        taken as before.
      </span>
      {collection.permissions.edit && (
        <Button
          size="xs"
          loading={unarchive.isPending}
          onClick={() => unarchive.mutate()}
        >
          Unarchive
        </Button>
      )}
    </div>
  );
}
