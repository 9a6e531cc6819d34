import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { SeverityMark } from '@/features/jobs/SeverityMark';
import { ErrorState } from '@/ui/ErrorState';
import { RelativeTime } from '@/ui/facts';
import { RowsSkeleton } from '@/ui/skeletons';
import { HealthFacts } from './HealthFacts';
import classes from './health.module.css';
import { PartTable } from './PartTable';
import { healthQuery } from './queries';
import { headlines, severityOf } from './words';

/** Whether everything is there that this instance needs, and what it runs on. */
export function HealthPage() {
  const health = useQuery(healthQuery);
  if (health.isPending) return <RowsSkeleton rows={6} />;
  if (!health.data) {
    return <ErrorState error={health.error} onRetry={() => void health.refetch()} />;
  }
  const { status, checked_at, parts } = health.data;
  return (
    <>
      <div className={classes.head}>
        <p className={classes.headline} role="status">
          <SeverityMark severity={severityOf[status]}>{headlines[status]}</SeverityMark>
        </p>
        <p className={classes.checked}>
          {health.error ? (
            <>
              <SeverityMark severity="warning">Cannot look again</SeverityMark>; this is
              how it was <RelativeTime at={checked_at} />
            </>
          ) : (
            <>
              Looked <RelativeTime at={checked_at} />, and again every 10 seconds
            </>
          )}
        </p>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => void health.refetch()}
        >
          Look now
        </Button>
      </div>
      <section aria-labelledby="health-parts" className={classes.section}>
        <h2 id="health-parts">Parts</h2>
        <PartTable parts={parts} />
      </section>
      <section aria-labelledby="health-facts" className={classes.section}>
        <h2 id="health-facts">What runs here</h2>
        <HealthFacts health={health.data} />
      </section>
    </>
  );
}
