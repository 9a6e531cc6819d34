import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { ImportPublic } from '@/api/types';
import { RowsSkeleton } from '@/ui/skeletons';
import { ApplyBar } from './ApplyBar';
import { clashesOf } from './clashes';
import { DiscardButton } from './DiscardButton';
import { FileGroup } from './FileGroup';
import { GroupTabs } from './GroupTabs';
import { ImportHeader } from './ImportHeader';
import classes from './imports.module.css';
import { allFilesQuery } from './queries';
import type { ImportSearch } from './search';
import { groups, headlineOf, order } from './wording';

const ClashPanel = lazy(() => import('./ClashPanel'));

interface PreviewProps {
  of: ImportPublic;
  search: ImportSearch;
  onSearch: (search: ImportSearch) => void;
}

/** What the files are and what becomes of each; nothing is stored yet. */
export function Preview({ of, search }: PreviewProps) {
  const { id, counts, headline } = of;
  // Settling the last clash empties its group: that must not turn the page.
  const [first] = useState(() => order.find((name) => counts[name] > 0) ?? 'new');
  const current = search.group ?? first;
  const clashes = useQuery({
    ...allFilesQuery(id, ['clash']),
    enabled: counts.clash > 0 || current === 'clash',
  });
  const undecided = clashes.data?.filter(({ decision }) => decision === null) ?? [];
  const openNames = clashes.data ? clashesOf(undecided).length : null;
  const tabs = order
    .filter((name) => counts[name] > 0 || name === current)
    .map((name) => ({
      key: name,
      label: groups[name].label,
      // Of clashes the names count, not the files: they are what is decided.
      count: name === 'clash' ? openNames : counts[name],
      search: { group: name },
      urgent: name === 'clash' && undecided.length > 0,
    }));
  return (
    <>
      <ImportHeader
        of={of}
        title={`${headlineOf(headline)}.`}
        actions={<DiscardButton of={of} />}
      >
        {headline.dropped_by_strict > 0 &&
          'A strict loader leaves out every file whose front matter is not valid YAML, without a word. Roster reads them all and shows how to mend each one.'}
      </ImportHeader>
      <GroupTabs id={id} label="Groups of files" tabs={tabs} current={current} />
      <section aria-labelledby="group" className={classes.panel}>
        <VisuallyHidden component="h2" id="group">
          {groups[current].label}
        </VisuallyHidden>
        {current === 'clash' ? (
          <Suspense fallback={<RowsSkeleton />}>
            <ClashPanel of={of} query={clashes} />
          </Suspense>
        ) : (
          <FileGroup key={current} of={of} outcome={current} />
        )}
      </section>
      <ApplyBar of={of} undecided={undecided} loading={clashes.isLoading} />
    </>
  );
}
