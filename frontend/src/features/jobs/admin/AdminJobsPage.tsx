import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { JobList } from '../JobList';
import { queuesQuery } from '../queries';
import type { JobSearch } from '../search';
import type { JobQueues } from '../types';
import classes from './admin.module.css';
import { QueueTable } from './QueueTable';
import { ScheduleTable } from './ScheduleTable';
import { WorkerTable } from './WorkerTable';

interface AdminJobsPageProps {
  search: JobSearch;
  onSearch: (search: JobSearch) => void;
}

/** Who does the work in the background, what waits, and what comes by the clock. */
export function AdminJobsPage({ search, onSearch }: AdminJobsPageProps) {
  const state = useQuery(queuesQuery);
  return (
    <>
      {state.isPending && <RowsSkeleton rows={8} />}
      {state.error && !state.data && (
        <ErrorState error={state.error} onRetry={() => void state.refetch()} />
      )}
      {state.data && <State state={state.data} />}
      <section aria-labelledby="all-jobs" className={classes.section}>
        <h2 id="all-jobs">All jobs</h2>
        <JobList
          search={{ ...search, scope: 'instance' }}
          onSearch={({ scope: _, ...next }) => onSearch(next)}
          none="What runs in the background is listed here for a week, for people a month."
          withQueues
        />
      </section>
    </>
  );
}

function State({ state }: { state: JobQueues }) {
  const { executor, broker_reachable, queues, workers, schedules } = state;
  const overloaded = queues.filter(({ is_overloaded }) => is_overloaded);
  return (
    <>
      <p className={classes.executor}>
        {executor === 'embedded'
          ? 'The processes that serve requests do the jobs themselves.'
          : 'Workers do the jobs; Redis brings word of them.'}
      </p>
      {broker_reachable === false && (
        <Warning title="Redis cannot be reached">
          Jobs are kept and go on when it is back. Until then they wait.
        </Warning>
      )}
      {overloaded.length > 0 && (
        <Warning title="Jobs wait too long">
          Start more workers for what is marked below, or give them more slots.
        </Warning>
      )}
      <section aria-labelledby="queues" className={classes.section}>
        <h2 id="queues">Queues</h2>
        <QueueTable queues={queues} />
      </section>
      <section aria-labelledby="workers" className={classes.section}>
        <h2 id="workers">Workers</h2>
        <WorkerTable workers={workers} />
      </section>
      <section aria-labelledby="schedules" className={classes.section}>
        <h2 id="schedules">By the clock</h2>
        <ScheduleTable schedules={schedules} />
      </section>
    </>
  );
}

function Warning({ title, children }: { title: string; children: string }) {
  return (
    <Alert
      role="alert"
      color="yellow"
      className={classes.warning ?? ''}
      icon={<IconAlertTriangle size={16} aria-hidden />}
      title={title}
    >
      {children}
    </Alert>
  );
}
