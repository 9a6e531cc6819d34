import { IconBan } from '@tabler/icons-react';
import type { RevisionSummary } from '@/api/types';
import { authorOf, sourceWords } from '@/features/agents/component/people';
import { exactTime } from '@/lib/time';
import classes from './lifecycle.module.css';

/** How a revision came in, through what, and from where. */
export function Provenance({ revision }: { revision: RevisionSummary }) {
  const { source, client, origin } = revision;
  const { path, repository, commit } = origin ?? {};
  return (
    <>
      <span>
        {sourceWords[source]}
        {client && ` by ${client}`}
      </span>
      {(repository || path) && (
        <span className="mono">
          {[repository, path].filter(Boolean).join('/')}
          {commit && ` at ${commit.slice(0, 7)}`}
        </span>
      )}
    </>
  );
}

interface YankedBadgeProps {
  yanked: NonNullable<RevisionSummary['yanked']>;
}

export function YankedBadge({ yanked }: YankedBadgeProps) {
  const { by, at, reason } = yanked;
  return (
    <>
      <span
        className={classes.yanked}
        title={`By ${authorOf(by)}, ${exactTime(new Date(at))}`}
      >
        <IconBan size={14} stroke={1.8} aria-hidden />
        Yanked
      </span>
      <span className="muted">{reason}</span>
    </>
  );
}
