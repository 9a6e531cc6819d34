import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { authorOf } from '@/features/agents/component/people';
import { ErrorState } from '@/ui/ErrorState';
import { CopyText, Fact, FactList, RelativeTime } from '@/ui/facts';
import { AnchorLink, ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { TextSkeleton } from '@/ui/skeletons';
import { JobLog } from './JobLog';
import { JobProgress } from './JobProgress';
import classes from './page.module.css';
import { isActive } from './progress';
import { StateBadge } from './StateBadge';
import type { JobPublic } from './types';
import { useCancel, useRetry } from './use-changes';
import { useJob } from './use-job';
import { kindOfJob, placeOfSubject, queueWords, ranFor, titleOf } from './words';

/** One job: how far it is, what it says, what is known of it. */
export function JobPage({ id }: { id: string }) {
  const { data: job, error, refetch } = useJob(id);
  if (error && !job) {
    return <ErrorState heading="h1" error={error} onRetry={() => void refetch()} />;
  }
  if (!job) return <TextSkeleton lines={8} />;
  return (
    <>
      <PageHeader
        title={titleOf(job)}
        description={
          <span className={classes.state}>
            <StateBadge job={job} />
            {job.title && kindOfJob(job.kind)}
            {job.is_private && 'Private: only its team sees what it is about.'}
          </span>
        }
        actions={<Actions job={job} />}
      />
      {(isActive(job) || (job.state !== 'succeeded' && job.total !== null)) && (
        <div className={classes.progress}>
          <JobProgress job={job} />
        </div>
      )}
      {job.error && (
        <Alert
          role="alert"
          className={classes.error ?? ''}
          color="red"
          icon={<IconAlertTriangle size={16} aria-hidden />}
          title={
            job.state === 'failed'
              ? 'It failed'
              : `Attempt ${job.attempts} did not work`
          }
        >
          {job.error}
        </Alert>
      )}
      <div className={classes.job}>
        <section aria-labelledby="job-log">
          <h2 id="job-log">Log</h2>
          <JobLog id={id} label={`Log of ${titleOf(job)}`} />
        </section>
        <aside aria-label="Facts" className={classes.facts}>
          <Facts job={job} />
        </aside>
      </div>
    </>
  );
}

function Actions({ job }: { job: JobPublic }) {
  const navigate = useNavigate();
  const cancel = useCancel();
  const retry = useRetry(
    ({ id }) => void navigate({ to: '/jobs/$id', params: { id } }),
  );
  const place = placeOfSubject(job);
  return (
    <>
      {place && (
        <ButtonLink to={place.to} params={place.params}>
          {place.label}
        </ButtonLink>
      )}
      {job.can_cancel && <Button onClick={() => cancel.mutate(job)}>Cancel</Button>}
      {job.can_retry && (
        <Button
          variant="filled"
          loading={retry.isPending}
          onClick={() => retry.mutate(job)}
        >
          Try again
        </Button>
      )}
    </>
  );
}

function Facts({ job }: { job: JobPublic }) {
  const ran = ranFor(job);
  return (
    <FactList>
      <Fact label="Asked for by">
        {job.actor ? authorOf(job.actor) : 'The instance'},{' '}
        <RelativeTime at={job.created_at} />
      </Fact>
      {job.team && (
        <Fact label="Team">
          <AnchorLink to="/teams/$team" params={{ team: job.team.slug }}>
            {job.team.name}
          </AnchorLink>
        </Fact>
      )}
      {job.started_at && (
        <Fact label="Last began">
          <RelativeTime at={job.started_at} />
        </Fact>
      )}
      {job.finished_at && (
        <Fact label="Ended">
          <RelativeTime at={job.finished_at} />
          {ran && `, after ${ran}`}
        </Fact>
      )}
      {job.cancelled_by && (
        <Fact label="Cancelled by">{authorOf(job.cancelled_by)}</Fact>
      )}
      <Fact label="Attempts">
        <span className="tabular">
          {job.attempts} of {job.most_attempts} at most
        </span>
      </Fact>
      <Fact label="Queue">
        {queueWords[job.queue]}
        {job.priority !== 0 && `, priority ${job.priority}`}
      </Fact>
      {job.worker && (
        <Fact label="Worker">
          <span className="mono">{job.worker}</span>
        </Fact>
      )}
      <ResultFacts result={job.result} />
      <Fact label="Kind">
        <span className="mono">{job.kind}</span>
      </Fact>
      <Fact label="Identifier">
        <CopyText value={job.id} what="identifier" />
      </Fact>
    </FactList>
  );
}

/** Numbers and words of the result; what has parts is told by the log. */
function ResultFacts({ result }: Pick<JobPublic, 'result'>) {
  const plain = Object.entries(result ?? {}).filter(([, value]) =>
    ['number', 'string', 'boolean'].includes(typeof value),
  );
  if (plain.length === 0) return null;
  return (
    <Fact label="Result">
      <ul className={classes.result}>
        {plain.map(([name, value]) => (
          <li key={name} className="tabular">
            {name.replace(/_/g, ' ')}: {String(value)}
          </li>
        ))}
      </ul>
    </Fact>
  );
}
