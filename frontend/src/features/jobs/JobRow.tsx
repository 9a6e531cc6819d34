import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { authorOf } from '@/features/agents/component/people';
import { RelativeTime } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import { JobProgress } from './JobProgress';
import classes from './list.module.css';
import { isActive } from './progress';
import { StateBadge } from './StateBadge';
import type { JobPublic } from './types';
import { useCancel, useRetry } from './use-changes';
import { kindOfJob, ranFor, titleOf } from './words';

/** One job of a list (`<ul>`): what it is, how far it is, what one can do. */
export function JobRow({ job }: { job: JobPublic }) {
  const active = isActive(job);
  const ran = active ? null : ranFor(job);
  return (
    <li className={classes.job} data-state={job.state}>
      <span className={classes.state}>
        <StateBadge job={job} />
      </span>
      <div className={classes.text}>
        <Link to="/jobs/$id" params={{ id: job.id }} className={classes.title}>
          {titleOf(job)}
        </Link>
        <div className={classes.meta}>
          {job.title && <span>{kindOfJob(job.kind)}</span>}
          {job.is_private && <span>Private to its team</span>}
          {job.team && job.team.slug !== job.actor?.username && (
            <AnchorLink to="/teams/$team" params={{ team: job.team.slug }}>
              {job.team.name}
            </AnchorLink>
          )}
          <span>{job.actor ? authorOf(job.actor) : 'By the instance'}</span>
          <span>
            <RelativeTime at={job.finished_at ?? job.created_at} />
            {ran && `, took ${ran}`}
          </span>
          {job.attempts > 1 && (
            <span className="tabular">
              Attempt {job.attempts} of {job.most_attempts}
            </span>
          )}
        </div>
        {active && (
          <div className={classes.progress}>
            <JobProgress job={job} label={`Progress of ${titleOf(job)}`} />
          </div>
        )}
        {job.error && (
          <p className={classes.error}>
            {active && 'Last attempt: '}
            {job.error}
          </p>
        )}
      </div>
      <RowActions job={job} />
    </li>
  );
}

function RowActions({ job }: { job: JobPublic }) {
  const cancel = useCancel();
  const retry = useRetry();
  if (!job.can_cancel && !job.can_retry) return null;
  return (
    <div className={classes.actions}>
      {job.can_cancel && (
        <Button
          size="xs"
          aria-label={`Cancel ${titleOf(job)}`}
          onClick={() => cancel.mutate(job)}
        >
          Cancel
        </Button>
      )}
      {job.can_retry && (
        <Button
          size="xs"
          aria-label={`Try ${titleOf(job)} again`}
          loading={retry.isPending}
          onClick={() => retry.mutate(job)}
        >
          Try again
        </Button>
      )}
    </div>
  );
}
