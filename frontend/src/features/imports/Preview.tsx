import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { RowsSkeleton } from '@/ui/skeletons';
import { AppliedSoFar } from './AppliedSoFar';
import { ApplyBar } from './ApplyBar';
import { type Chosen, nothing } from './chosen';
import { clashesOf } from './clashes';
import { DiscardButton } from './DiscardButton';
import { FileGroup } from './FileGroup';
import { type GroupTab, GroupTabs } from './GroupTabs';
import { ImportHeader } from './ImportHeader';
import classes from './imports.module.css';
import { LeakPanel } from './LeakPanel';
import { leaksQuery } from './leaks';
import { allFilesQuery } from './queries';
import { RuleList } from './RuleList';
import { StoppedNotice } from './StoppedNotice';
import type { ImportSearch } from './search';
import type { ImportOutcome, ImportPublic } from './types';
import { appliedCount, groups, headlineOf, order } from './wording';

const ClashPanel = lazy(() => import('./ClashPanel'));

type Shown = ImportOutcome | 'applied' | 'rule';

interface PreviewProps {
  of: ImportPublic;
  search: ImportSearch;
  onSearch: (search: ImportSearch) => void;
}

/** What the files are and what becomes of each; what is applied stays applied. */
export function Preview({ of, search, onSearch }: PreviewProps) {
  const { id, headline } = of;
  const [chosen, setChosen] = useState<Chosen>(nothing);
  const counts = openCounts(of);
  // Settling the last clash empties its group: that must not turn the page.
  const [first] = useState(() => order.find((name) => counts[name] > 0) ?? 'new');
  const current: Shown = search.rule ? 'rule' : (search.group ?? first);
  const clashes = useQuery({
    ...allFilesQuery(id, { outcome: ['clash'], result: 'open' }),
    enabled: counts.clash > 0 || current === 'clash',
  });
  const leaks = useQuery({ ...leaksQuery(id), enabled: of.leaks > 0 });
  const undecided = clashes.data?.filter(({ decision }) => decision === null) ?? [];
  const leaking = of.leaks > 0 ? (leaks.data ?? []) : [];
  const openNames = clashes.data ? clashesOf(undecided).length : null;
  const tabs = tabsOf(of, search, current, openNames);
  const applied = appliedCount(of.results);
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
      <StoppedNotice of={of} applied={applied} />
      <LeakPanel of={of} files={leaking} />
      <RuleList of={of} />
      <GroupTabs id={id} label="Groups of files" tabs={tabs} current={current} />
      <section aria-labelledby="group" className={classes.panel}>
        <VisuallyHidden component="h2" id="group">
          {labelOf(current, search)}
        </VisuallyHidden>
        {current === 'clash' ? (
          <Suspense fallback={<RowsSkeleton />}>
            <ClashPanel of={of} query={clashes} />
          </Suspense>
        ) : current === 'applied' ? (
          <AppliedSoFar of={of} />
        ) : (
          <FileGroup
            key={current}
            of={of}
            outcome={current === 'rule' ? null : current}
            search={search}
            onSearch={onSearch}
            choice={{ chosen, onChoose: setChosen }}
          />
        )}
      </section>
      <ApplyBar
        of={of}
        undecided={undecided}
        leaking={leaking}
        loading={clashes.isLoading || leaks.isLoading}
        chosen={chosen}
        onChoose={setChosen}
      />
    </>
  );
}

/** Of what can be imported only what is not applied yet. */
const openCounts = ({ counts, open }: ImportPublic): ImportPublic['counts'] => ({
  ...open,
  left_aside: counts.left_aside,
  refused: counts.refused,
});

const labelOf = (shown: Shown, { rule }: ImportSearch) =>
  shown === 'rule'
    ? `Files with a finding of ${rule}`
    : shown === 'applied'
      ? 'Applied'
      : groups[shown].label;

function tabsOf(
  of: ImportPublic,
  search: ImportSearch,
  current: Shown,
  openNames: number | null,
): GroupTab[] {
  const counts = openCounts(of);
  const { rule } = search;
  const tabs: GroupTab[] = order
    .filter((name) => counts[name] > 0 || name === current)
    .map((name) => ({
      key: name,
      label: groups[name].label,
      // Of clashes the names count, not the files: they are what is decided.
      count: name === 'clash' ? openNames : counts[name],
      search: { group: name },
      urgent: name === 'clash' && counts.clash > 0,
    }));
  if (rule) {
    const files = of.rules.find((one) => one.rule === rule)?.files ?? null;
    tabs.push({ key: 'rule', label: rule, count: files, search: { rule } });
  }
  const applied = appliedCount(of.results);
  if (applied > 0 || current === 'applied') {
    tabs.push({
      key: 'applied',
      label: 'Applied',
      count: applied,
      search: { group: 'applied' },
    });
  }
  return tabs;
}
