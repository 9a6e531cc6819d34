import { SegmentedControl } from '@mantine/core';
import { IconChartBar, IconLock } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isProblem } from '@/api/problem';
import type { Usage } from '@/api/types';
import { useCode } from '@/lib/use-code';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { DaysTable } from './DaysTable';
import { PERIODS, type Period } from './periods';
import classes from './usage.module.css';
import { pullText } from './words';

const bars = () => import('@/features/dashboard/Bars');

interface UsageViewProps<U extends Usage> {
  usage: UseQueryResult<U>;
  team: { slug: string; name: string };
  days: Period;
  onDays: (days: Period) => void;
  /** What to do so that there is something to count. */
  hint: ReactNode;
  /** What the total is made of. */
  children: (usage: U) => ReactNode;
}

/** How often something was pulled: the total, its days, and what it is made of. */
export function UsageView<U extends Usage>(props: UsageViewProps<U>) {
  const { usage, team, days, onDays, hint, children } = props;
  if (usage.isPending) return <TextSkeleton lines={8} />;
  if (isProblem(usage.error) && usage.error.status === 403) {
    return (
      <EmptyState icon={IconLock} title="For members of the team alone">
        The team <span className="mono">{team.slug}</span> keeps to itself how often its
        things are pulled.
      </EmptyState>
    );
  }
  if (!usage.data) {
    return <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />;
  }
  const { data } = usage;
  return (
    <>
      <div className={classes.head}>
        <p className={classes.about}>
          <IconLock size={14} stroke={1.7} aria-hidden />
          Seen by members of <span className="mono">{team.slug}</span>, unless the team
          shares it. It says how often; who it was stands in the audit alone.
        </p>
        <SegmentedControl
          aria-label="Period"
          value={`${days}`}
          onChange={(value) => onDays(Number(value) as Period)}
          data={PERIODS.map((one) => ({ value: `${one}`, label: `${one} days` }))}
        />
      </div>
      {data.total === 0 ? (
        <EmptyState icon={IconChartBar} title={`No pulls in the last ${days} days`}>
          {hint}
        </EmptyState>
      ) : (
        <>
          <section aria-label={`Pulls in the last ${days} days`}>
            <p className={classes.total}>
              {pullText(data.total)}
              <span> in the last {days} days</span>
            </p>
            <Chart usage={data} />
            <DaysTable usage={data} />
          </section>
          <div className={classes.splits}>{children(data)}</div>
        </>
      )}
    </>
  );
}

/** The same figures are in the table below it, for everybody. */
function Chart({ usage }: { usage: Usage }) {
  const Bars = useCode(bars, true);
  return (
    <div aria-hidden className={classes.chart}>
      {Bars && (
        <Bars
          label="Pulls"
          color="var(--r-accent)"
          days={usage.days}
          counts={usage.pulls}
          withNumbers
        />
      )}
    </div>
  );
}
