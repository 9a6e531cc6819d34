import { RelativeTime } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import { StateBadge } from '../StateBadge';
import type { JobSchedule } from '../types';
import { everyOf, kindOfJob } from '../words';
import classes from './admin.module.css';
import { TableScroll } from './TableScroll';

export function ScheduleTable({ schedules }: { schedules: JobSchedule[] }) {
  return (
    <TableScroll label="By the clock">
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Last run</th>
          <th scope="col">Next run</th>
          <th scope="col" className={classes.wideOnly}>
            How often
          </th>
        </tr>
      </thead>
      <tbody>
        {schedules.map(({ kind, every_seconds, last_at, last_state, next_at }) => (
          <tr key={kind}>
            <th scope="row">
              <AnchorLink
                to="/admin/jobs"
                search={{ kind }}
                hash="all-jobs"
                title={kind}
              >
                {kindOfJob(kind)}
              </AnchorLink>
            </th>
            <td>
              <span className={classes.run}>
                {last_state && (
                  <StateBadge job={{ state: last_state, cancel_requested_at: null }} />
                )}
                {last_at ? <RelativeTime at={last_at} /> : 'never'}
              </span>
            </td>
            <td>
              <RelativeTime at={next_at} />
            </td>
            <td className={classes.wideOnly}>{everyOf(every_seconds)}</td>
          </tr>
        ))}
      </tbody>
    </TableScroll>
  );
}
