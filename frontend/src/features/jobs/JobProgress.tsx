import { countOf, isActive, percentOf, stateWords, waitingText } from './progress';
import classes from './progress.module.css';
import type { JobPublic, JobRef } from './types';

interface JobProgressProps {
  job: JobRef &
    Partial<Pick<JobPublic, 'cancel_requested_at' | 'waiting' | 'due_at' | 'attempts'>>;
  /** Names the bar, where what stands around it does not. */
  label?: string;
  /** The bar alone: what it says stands beside it already. */
  quiet?: boolean;
}

/** How far a job is: a bar, the step, the numbers. */
export function JobProgress({ job, label, quiet = false }: JobProgressProps) {
  const active = isActive(job);
  const percent = job.state === 'succeeded' ? 100 : percentOf(job);
  const known = percent !== null || !active || job.state === 'queued';
  const count = countOf(job);
  return (
    <div className={classes.progress} data-state={job.state}>
      <div
        role="progressbar"
        aria-label={label ?? 'Progress'}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(known ? { 'aria-valuenow': percent ?? 0 } : {})}
        aria-valuetext={[stepOf(job), count].filter(Boolean).join(', ')}
        className={classes.track}
      >
        <div
          className={classes.bar}
          data-unknown={known ? undefined : true}
          style={known ? { width: `${percent ?? 0}%` } : undefined}
        />
      </div>
      {!quiet && (
        <div className={classes.text}>
          <span className={classes.step}>{stepOf(job)}</span>
          {count && (
            <span className={`tabular ${classes.count}`}>
              {count}
              {active && job.total ? ` · ${percent} %` : ''}
            </span>
          )}
        </div>
      )}
    </div>
  );
}

function stepOf(job: JobProgressProps['job']): string {
  if (isActive(job) && job.cancel_requested_at) return 'Stopping';
  if (job.state === 'queued' && job.waiting) return waitingText(job.waiting, job);
  const begun = job.state === 'running' ? 'Beginning' : stateWords[job.state];
  return job.step || begun;
}
