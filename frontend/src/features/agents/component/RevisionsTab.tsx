import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { ComponentPublic, RevisionSummary } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton, TextSkeleton } from '@/ui/skeletons';
import { comparisonOf, pick } from '../compare';
import { revisionsQuery } from '../queries';
import { RevisionEntry } from './RevisionEntry';
import classes from './revisions.module.css';
import type { TabProps } from './tab-code';

const Comparison = lazy(() => import('./ComparisonView'));
const RestoreDialog = lazy(() => import('./RestoreDialog'));
const LabelsDialog = lazy(() => import('./LabelsDialog'));
const YankDialog = lazy(() => import('@/features/lifecycle/YankDialog'));

type Dialog = { kind: 'restore' | 'label' | 'yank'; number: number };

type RevisionsTabProps = Omit<TabProps, 'agent'> & { agent: ComponentPublic };

/** Everything that was published, newest first; any two side by side. */
export default function RevisionsTab({ agent, search }: RevisionsTabProps) {
  const { from, to } = search;
  const navigate = useNavigate();
  const list = useInfiniteQuery(revisionsQuery(agent.id));
  const [picked, setPicked] = useState<number[]>(from && to ? [from, to] : []);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const revisions = list.data?.pages.flatMap((page) => page.items) ?? [];

  useEffect(() => setPicked(from && to ? [from, to] : []), [from, to]);

  const show = (pair: { from: number; to: number } | null) =>
    void navigate({
      to: '/$plural/$team/$name',
      params: placeOf(agent),
      search: { tab: 'revisions', ...pair },
      resetScroll: false,
    });
  const choose = (number: number) => {
    const next = pick(picked, number);
    setPicked(next);
    const [a, b] = next;
    if (a !== undefined && b !== undefined) show(comparisonOf(a, b));
    else if (from && to) show(null);
  };

  if (list.isPending) return <RowsSkeleton rows={5} />;
  if (!list.data) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  const hint =
    revisions.length < 2
      ? 'One revision so far: publish a second one to compare.'
      : picked.length === 1
        ? `Revision ${picked[0]} chosen: choose another one to compare it with.`
        : 'Choose two revisions to compare them.';
  return (
    <>
      {from && to && (
        <Suspense fallback={<TextSkeleton lines={10} />}>
          <Comparison
            agent={agent}
            from={from}
            to={to}
            onSwap={() => show({ from: to, to: from })}
            onClose={() => show(null)}
          />
        </Suspense>
      )}
      {!(from && to) && (
        <p className={classes.hint} role="status">
          {hint}
        </p>
      )}
      <ol className={classes.timeline} aria-label="Revisions">
        {revisions.map((revision: RevisionSummary) => (
          <RevisionEntry
            key={revision.number}
            agent={agent}
            revision={revision}
            picked={picked.includes(revision.number)}
            comparable={revisions.length > 1}
            onPick={choose}
            onCompare={(a, b) => show(comparisonOf(a, b))}
            onRestore={(number) => setDialog({ kind: 'restore', number })}
            onLabel={(number) => setDialog({ kind: 'label', number })}
            onYank={(number) => setDialog({ kind: 'yank', number })}
          />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show older revisions
        </Button>
      )}
      <Suspense>
        {dialog?.kind === 'restore' && (
          <RestoreDialog
            agent={agent}
            number={dialog.number}
            next={(revisions[0]?.number ?? 0) + 1}
            onClose={() => setDialog(null)}
          />
        )}
        {dialog?.kind === 'yank' && (
          <YankDialog
            agent={agent}
            number={dialog.number}
            onClose={() => setDialog(null)}
          />
        )}
        {dialog?.kind === 'label' && agent.latest && (
          <LabelsDialog
            agent={{ ...agent, latest: agent.latest }}
            number={dialog.number}
            onClose={() => setDialog(null)}
          />
        )}
      </Suspense>
    </>
  );
}
