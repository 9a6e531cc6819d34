import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { toastDone } from '@/ui/toast';
import { ClashCard } from './ClashCard';
import { type Clash, clashesOf, mergeClashes } from './clashes';
import classes from './imports.module.css';
import type { ImportFile, ImportPublic } from './types';
import { useSettle, useSkipClashes } from './use-decide';
import { groups, plural } from './wording';

interface ClashPanelProps {
  of: ImportPublic;
  query: UseQueryResult<ImportFile[]>;
}

/** At this many names, the cards come in helpings. */
const HELPING = 20;

/** Names that several files want. What is settled stays in place for this visit. */
export default function ClashPanel({ of, query }: ClashPanelProps) {
  const [seen, setSeen] = useState<Clash[]>([]);
  const [shown, setShown] = useState(HELPING);
  const now = useMemo(() => clashesOf(query.data ?? []), [query.data]);
  const clashes = mergeClashes(seen, now);
  const open = clashes.filter(({ settled }) => !settled);

  const keep = (clash: Clash, settled: string) =>
    setSeen([...clashes.filter(({ key }) => key !== clash.key), { ...clash, settled }]);

  if (query.error && !query.data) {
    return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  }
  if (query.isPending) return <RowsSkeleton rows={4} />;
  return (
    <>
      <div className={classes.groupHead}>
        <p>{groups.clash.text}</p>
        {open.length > 1 && <ClashBulk of={of} clashes={open} />}
      </div>
      {clashes.length === 0 && (
        <p className={classes.none}>No two files want the same name any more.</p>
      )}
      <ul className={classes.clashes}>
        {clashes.slice(0, shown).map((clash) => (
          <li key={clash.key}>
            <ClashCard
              of={of}
              clash={clash}
              startOpen={clashes.length <= 2}
              onSettled={(how) => keep(clash, how)}
            />
          </li>
        ))}
      </ul>
      {clashes.length > shown && (
        <Button onClick={() => setShown(shown + HELPING)}>
          Show {Math.min(HELPING, clashes.length - shown)} more of{' '}
          {plural(clashes.length, 'name')}
        </Button>
      )}
    </>
  );
}

function ClashBulk({ of, clashes }: { of: ImportPublic; clashes: Clash[] }) {
  const settle = useSettle(of.id, (winners) =>
    toastDone(`${plural(winners.length, 'name')} settled: the first file by path`),
  );
  const skip = useSkipClashes(of.id);
  const busy = settle.isPending || skip.isPending;
  const takeable = clashes.filter(({ deleted }) => !deleted);
  const first = () => settle.mutate(takeable.flatMap(({ files }) => files.slice(0, 1)));
  return (
    <fieldset className={classes.bulk}>
      <legend>All {plural(clashes.length, 'name clash', 'name clashes')}</legend>
      {takeable.length > 0 && (
        <Button size="xs" loading={settle.isPending} disabled={busy} onClick={first}>
          Take the first of each
        </Button>
      )}
      <Button
        size="xs"
        loading={skip.isPending}
        disabled={busy}
        onClick={() => skip.mutate()}
      >
        Skip all
      </Button>
    </fieldset>
  );
}
