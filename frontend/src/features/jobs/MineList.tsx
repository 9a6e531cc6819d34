import { ActionIcon } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { RelativeTime } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import { JobProgress } from './JobProgress';
import type { Mine } from './mine';
import classes from './running.module.css';
import { StateBadge } from './StateBadge';
import type { JobPublic } from './types';
import { useCancel } from './use-changes';
import { placeOfSubject, titleOf } from './words';

interface MineListProps {
  mine: Mine;
  /** A link was followed, also one to the page that is shown. */
  onLeave: () => void;
}

export function MineList({ mine, onLeave }: MineListProps) {
  const { active, ended } = mine;
  const title = useRef<HTMLHeadingElement>(null);
  // Also when a page that came meanwhile took the focus.
  useHotkeys([['Escape', onLeave]]);
  return (
    <>
      <h2 ref={title} tabIndex={-1} className={classes.title}>
        Jobs
      </h2>
      {active.length === 0 && ended.length === 0 && (
        <p className={classes.none}>
          Nothing of yours runs. Imports and checks of repositories show here how far
          they are.
        </p>
      )}
      <div className={classes.scroll}>
        {active.length > 0 && (
          <ul className={classes.jobs} aria-label="Running">
            {active.map((job) => (
              <Running
                key={job.id}
                job={job}
                onLeave={onLeave}
                // Its button goes; the focus stays in the list.
                onCancel={() => title.current?.focus()}
              />
            ))}
          </ul>
        )}
        {ended.length > 0 && (
          <ul className={classes.jobs} aria-label="Ended">
            {ended.map((job) => (
              <Ended key={job.id} job={job} onLeave={onLeave} />
            ))}
          </ul>
        )}
      </div>
      <div className={classes.foot}>
        <AnchorLink to="/jobs" onClick={onLeave}>
          All jobs
        </AnchorLink>
      </div>
    </>
  );
}

interface ItemProps {
  job: JobPublic;
  onLeave: () => void;
}

function Running({ job, onLeave, onCancel }: ItemProps & { onCancel: () => void }) {
  const cancel = useCancel();
  return (
    <li className={classes.job}>
      <div className={classes.head}>
        <Title job={job} onLeave={onLeave} />
        {job.can_cancel && (
          <ActionIcon
            size="sm"
            aria-label={`Cancel ${titleOf(job)}`}
            title="Cancel"
            onClick={() => {
              cancel.mutate(job);
              onCancel();
            }}
          >
            <IconX size={15} stroke={1.8} />
          </ActionIcon>
        )}
      </div>
      <JobProgress job={job} label={`Progress of ${titleOf(job)}`} />
      <Details job={job} onLeave={onLeave} />
    </li>
  );
}

function Ended({ job, onLeave }: ItemProps) {
  return (
    <li className={classes.job} data-state={job.state}>
      <div className={classes.head}>
        <Title job={job} onLeave={onLeave} />
        <StateBadge job={job} />
      </div>
      {job.error && <p className={classes.error}>{job.error}</p>}
      <Details job={job} onLeave={onLeave} />
    </li>
  );
}

/** What it works on, or itself where that has no page. */
function Title({ job, onLeave }: ItemProps) {
  const place = placeOfSubject(job);
  return place ? (
    <Link
      to={place.to}
      params={place.params}
      className={classes.name}
      onClick={onLeave}
    >
      {titleOf(job)}
    </Link>
  ) : (
    <Link
      to="/jobs/$id"
      params={{ id: job.id }}
      className={classes.name}
      onClick={onLeave}
    >
      {titleOf(job)}
    </Link>
  );
}

function Details({ job, onLeave }: ItemProps) {
  return (
    <div className={classes.details}>
      {job.finished_at && <RelativeTime at={job.finished_at} />}
      <AnchorLink
        to="/jobs/$id"
        params={{ id: job.id }}
        aria-label={`Log of ${titleOf(job)}`}
        onClick={onLeave}
      >
        Log
      </AnchorLink>
    </div>
  );
}
