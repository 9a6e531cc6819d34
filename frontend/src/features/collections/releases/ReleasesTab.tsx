import { Button } from '@mantine/core';
import { IconPackageExport } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { CollectionDetail } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { releasesQuery } from '../queries';
import type { CollectionSearch } from '../search';
import { ChangelogView } from './ChangelogView';
import { ReleaseItem } from './ReleaseItem';
import classes from './releases.module.css';

interface ReleasesTabProps {
  collection: CollectionDetail;
  search: CollectionSearch;
}

/** Everything that was released, newest first; any two compared. */
export default function ReleasesTab({ collection, search }: ReleasesTabProps) {
  const { from, to, release } = search;
  const navigate = useNavigate();
  const list = useInfiniteQuery(releasesQuery(collection.id));
  const [picked, setPicked] = useState<number[]>(from && to ? [from, to] : []);
  useEffect(() => setPicked(from && to ? [from, to] : []), [from, to]);
  const releases = list.data?.pages.flatMap((page) => page.items) ?? [];

  const show = (more: CollectionSearch) =>
    void navigate({
      to: '/collections/$team/$name',
      params: { team: collection.team.slug, name: collection.name },
      search: { tab: 'releases', ...more },
      resetScroll: false,
    });
  const choose = (number: number) => {
    const rest = picked.filter((one) => one !== number);
    const next = rest.length < picked.length ? rest : [...picked.slice(-1), number];
    setPicked(next);
    const [a, b] = [...next].sort((one, other) => one - other);
    if (a && b) show({ from: a, to: b });
    else if (from && to) show({});
  };

  if (list.isPending) return <RowsSkeleton rows={4} />;
  if (!list.data) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (releases.length === 0) {
    return (
      <EmptyState icon={IconPackageExport} title="No releases yet">
        A release locks each entry at the revision that it stands for at that time.
        Whoever takes it, today or in years, gets the same bytes.
      </EmptyState>
    );
  }
  return (
    <>
      {from && to ? (
        <ChangelogView
          collection={collection}
          from={from}
          to={to}
          onClose={() => show({})}
        />
      ) : (
        <p className={classes.hint} role="status">
          {releases.length < 2
            ? 'One release so far.'
            : picked.length === 1
              ? `Release ${picked[0]} chosen: choose another one to compare it with.`
              : 'Choose two releases to see what changed.'}
        </p>
      )}
      <ol className={classes.timeline} aria-label="Releases">
        {releases.map((one) => (
          <ReleaseItem
            key={one.number}
            collection={collection}
            release={one}
            opened={one.number === release}
            picked={picked.includes(one.number)}
            comparable={releases.length > 1}
            onPick={() => choose(one.number)}
            onOpen={(open) => show(open ? { release: one.number } : {})}
          />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show older releases
        </Button>
      )}
    </>
  );
}
