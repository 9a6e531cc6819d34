import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { JobProgress } from '@/features/jobs/JobProgress';
import type { JobPublic } from '@/features/jobs/types';
import { isActive, titleOf } from '@/features/jobs/words';
import { useUser } from '@/lib/use-session';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { TextSkeleton } from '@/ui/skeletons';
import { repositoryQuery } from './queries';
import { RepositoryActions } from './RepositoryActions';
import { RepositoryComponents } from './RepositoryComponents';
import { RepositoryFacts } from './RepositoryFacts';
import type { Repository } from './types';
import { Outside } from './UpstreamFacts';
import classes from './upstreams.module.css';
import { useFollowed } from './use-work';
import { pageOf, shortUrl } from './words';

const JobLog = lazy(async () => {
  const { JobLog } = await import('@/features/jobs/JobLog');
  return { default: JobLog };
});

/** A repository: what comes from it, what is new there, and how it is looked at. */
export function RepositoryPage({ id }: { id: string }) {
  const repository = useQuery(repositoryQuery(id));
  if (repository.isPending) {
    return (
      <>
        <PageHeader title="Repository" />
        <TextSkeleton lines={8} />
      </>
    );
  }
  if (!repository.data) {
    return (
      <ErrorState
        heading="h1"
        error={repository.error}
        onRetry={() => void repository.refetch()}
      />
    );
  }
  return <Loaded repository={repository.data} />;
}

/** What this person may do about a repository of their team. */
export function useRights({ team }: Repository) {
  const role = useUser()?.teams.find(({ id }) => id === team.id)?.role;
  return { edit: role === 'editor' || role === 'owner', manage: role === 'owner' };
}

function Loaded({ repository }: { repository: Repository }) {
  const rights = useRights(repository);
  // An update that was asked for here goes before the last check.
  const [asked, setAsked] = useState<string | null>(null);
  const check = useFollowed(repository.job?.id ?? null);
  const update = useFollowed(asked);
  const job = update ?? check;
  const page = pageOf(repository.url);
  return (
    <>
      <PageHeader
        title={<span className="mono">{shortUrl(repository.url)}</span>}
        description={
          page ? <Outside href={page}>{repository.url}</Outside> : repository.url
        }
        actions={
          rights.edit && (
            <RepositoryActions
              repository={repository}
              rights={rights}
              job={job}
              onUpdate={setAsked}
            />
          )
        }
      />
      <div className={classes.layout}>
        <div className={classes.main}>
          {repository.outcome === 'failed' && !(job && isActive(job)) && (
            <div className={classes.objection} role="note">
              <span>
                <strong>The last check failed.</strong> {repository.error}
              </span>
            </div>
          )}
          {job && isActive(job) && <JobProgress job={job} label={titleOf(job)} />}
          <RepositoryComponents repository={repository} />
          {job && <Log key={job.id} job={job} />}
        </div>
        <aside className={classes.side} aria-label="Facts">
          <RepositoryFacts repository={repository} rights={rights} />
        </aside>
      </div>
    </>
  );
}

function Log({ job }: { job: JobPublic }) {
  const isUpdate = job.kind === 'repositories.update';
  return (
    <section aria-labelledby="log">
      <h2 id="log" className={classes.heading}>
        {isUpdate ? 'Log of the update' : 'Log of the last check'}
      </h2>
      <Suspense fallback={<TextSkeleton lines={4} />}>
        <JobLog id={job.id} />
      </Suspense>
    </section>
  );
}
