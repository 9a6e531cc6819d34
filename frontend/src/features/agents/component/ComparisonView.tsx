import { ActionIcon } from '@mantine/core';
import { IconArrowsExchange, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Published, RevisionDiff } from '@/api/types';
import { FileChanges } from '@/features/files/FileChanges';
import { kindOf } from '@/features/kinds/kinds';
import { DiffView } from '@/ui/code/DiffView';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { diffQuery, revisionQuery } from '../queries';
import { Value } from './ManifestTable';
import classes from './revisions.module.css';

interface ComparisonViewProps {
  agent: Pick<Published, 'id' | 'name' | 'kind'>;
  from: number;
  to: number;
  /** Without them it stays as it is. */
  onSwap?: () => void;
  onClose?: () => void;
}

/** Two revisions: how much changed, which values, and the lines. */
export default function ComparisonView(props: ComparisonViewProps) {
  const { agent, from, to, onSwap, onClose } = props;
  const before = useQuery(revisionQuery(agent.id, from));
  const after = useQuery(revisionQuery(agent.id, to));
  const diff = useQuery(diffQuery(agent.id, from, to));
  const failed = [before, after, diff].find((query) => query.isError && !query.data);
  return (
    <section className={classes.comparison} aria-label="Comparison">
      <div className={classes.comparisonHead}>
        <h2 className={classes.comparisonTitle}>
          Revision {from} to {to}
        </h2>
        {diff.data && <Counts diff={diff.data} />}
        <span className={classes.comparisonActions}>
          {onSwap && (
            <ActionIcon
              onClick={onSwap}
              aria-label="Swap the sides"
              title="Swap the sides"
            >
              <IconArrowsExchange size={17} stroke={1.7} />
            </ActionIcon>
          )}
          {onClose && (
            <ActionIcon
              onClick={onClose}
              aria-label="Close the comparison"
              title="Close the comparison"
            >
              <IconX size={17} stroke={1.7} />
            </ActionIcon>
          )}
        </span>
      </div>
      {failed ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : before.data && after.data && diff.data ? (
        <>
          {diff.data.manifest.length > 0 && <Changes changes={diff.data.manifest} />}
          <FileChanges
            component={agent.id}
            from={from}
            to={to}
            files={diff.data.files}
            main={kindOf(agent.kind).main}
          />
          {diff.data.identical ? (
            <p className={classes.same}>Both hold the very same bytes.</p>
          ) : before.data.content === after.data.content ? (
            <p className={classes.same}>The main file is the same in both.</p>
          ) : (
            <DiffView
              original={before.data.content}
              modified={after.data.content}
              from={`Revision ${from}`}
              to={`Revision ${to}`}
              label={`${agent.name}, revision ${from} to ${to}`}
            />
          )}
        </>
      ) : (
        <TextSkeleton lines={10} />
      )}
    </section>
  );
}

function Counts({ diff }: { diff: RevisionDiff }) {
  const sum = (key: 'additions' | 'deletions') =>
    diff.files.reduce((total, file) => total + file[key], 0);
  return (
    <span className={`tabular ${classes.counts}`}>
      <span data-sign="plus">+{sum('additions')}</span>
      <span data-sign="minus">−{sum('deletions')}</span>
      <span className="muted">lines</span>
    </span>
  );
}

function Changes({ changes }: { changes: RevisionDiff['manifest'] }) {
  return (
    <table className={classes.changes} aria-label="Changed values of the front matter">
      <thead>
        <tr>
          <th>Key</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.key}>
            <th scope="row" className="mono">
              {change.key}
            </th>
            <td data-side="before">
              <Side value={change.old} none="not there" />
            </td>
            <td data-side="after">
              <Side value={change.new} none="gone" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Side({ value, none }: { value: unknown; none: string }) {
  if (value === null || value === undefined)
    return <span className="muted">{none}</span>;
  return <Value value={value} />;
}
