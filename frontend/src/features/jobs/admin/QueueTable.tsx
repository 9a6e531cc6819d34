import { SeverityMark } from '../SeverityMark';
import type { JobQueue } from '../types';
import { queueWords, spanOf } from '../words';
import classes from './admin.module.css';
import { TableScroll } from './TableScroll';

export function QueueTable({ queues }: { queues: JobQueue[] }) {
  return (
    <TableScroll label="Queues">
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col">State</th>
          <th scope="col" className={classes.number}>
            Waiting
          </th>
          <th scope="col" className={classes.number}>
            Running
          </th>
          <th scope="col" className={classes.wideOnly}>
            Waits longest
          </th>
          <th scope="col">Last hour</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name} data-bad={queue.is_overloaded || undefined}>
            <th scope="row">{queueWords[queue.name]}</th>
            <td>
              {queue.is_overloaded ? (
                <SeverityMark severity="warning">Overloaded</SeverityMark>
              ) : (
                <SeverityMark severity="fine">Keeps up</SeverityMark>
              )}
            </td>
            <td className={`tabular ${classes.number}`}>{queue.waiting}</td>
            <td className={`tabular ${classes.number}`}>{queue.running}</td>
            <td className={`tabular ${classes.wideOnly}`}>
              {queue.waiting > 0 ? spanOf(queue.oldest_waiting_seconds) : '–'}
            </td>
            <td className="tabular">
              {queue.succeeded_last_hour} succeeded
              {queue.failed_last_hour > 0 && (
                <span className={classes.failed}>
                  , {queue.failed_last_hour} failed
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </TableScroll>
  );
}
