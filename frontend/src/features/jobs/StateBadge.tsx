import { stateIcons } from './icons';
import { isStopping, stateWords } from './progress';
import classes from './state.module.css';
import type { JobPublic } from './types';

/** Icon, word and colour: never colour alone. */
export function StateBadge({
  job,
}: {
  job: Pick<JobPublic, 'state' | 'cancel_requested_at'>;
}) {
  const Icon = stateIcons[job.state];
  return (
    <span className={classes.badge} data-state={job.state}>
      <Icon size={14} stroke={1.8} aria-hidden />
      {isStopping(job) ? 'Stopping' : stateWords[job.state]}
    </span>
  );
}
