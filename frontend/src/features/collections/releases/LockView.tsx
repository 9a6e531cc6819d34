import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { CollectionDetail, Release } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { Digest, KindBadge } from '@/ui/facts';
import { RowsSkeleton } from '@/ui/skeletons';
import { downloadLock } from '../changes';
import shared from '../collections.module.css';
import { releaseQuery } from '../queries';
import classes from './releases.module.css';

interface LockViewProps {
  collection: CollectionDetail;
  number: number;
}

/** What a release locks, and what became of it since. */
export function LockView({ collection, number }: LockViewProps) {
  const release = useQuery(releaseQuery(collection.id, number));
  const download = useMutation({ mutationFn: () => downloadLock(collection, number) });
  if (release.isPending) return <RowsSkeleton rows={3} />;
  if (!release.data) {
    return <ErrorState error={release.error} onRetry={() => void release.refetch()} />;
  }
  return (
    <div className={classes.lock}>
      <table className={classes.lines} aria-label={`Lock of release ${number}`}>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">Revision</th>
            <th scope="col">Digest</th>
          </tr>
        </thead>
        <tbody>
          {release.data.entries.map((line) => (
            <Line key={line.component_id} line={line} />
          ))}
        </tbody>
      </table>
      <Button size="xs" loading={download.isPending} onClick={() => download.mutate()}>
        Download the lock
      </Button>
    </div>
  );
}

function Line({ line }: { line: Release['entries'][number] }) {
  const then = `${line.kind}:${line.team}/${line.name}`;
  return (
    <tr>
      <th scope="row">
        <span className={classes.locked}>
          <KindBadge kind={line.kind} />
          <span className="mono">
            {line.team}/{line.name}
          </span>
          {line.shadowed && <span className={shared.tag}>Shadowed</span>}
          {line.yanked && (
            <span className={shared.tag} data-tone="warning">
              Yanked since
            </span>
          )}
          {line.deleted && (
            <span className={shared.tag} data-tone="warning">
              Deleted since
            </span>
          )}
          {!line.deleted && line.reference !== then && (
            <span className="muted">
              now <span className="mono">{line.reference.split(':')[1]}</span>
            </span>
          )}
        </span>
      </th>
      <td className="tabular">{line.number}</td>
      <td>
        <Digest value={line.digest} />
      </td>
    </tr>
  );
}
