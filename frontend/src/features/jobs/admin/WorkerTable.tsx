import { RelativeTime } from '@/ui/facts';
import { SeverityMark } from '../SeverityMark';
import type { JobWorker } from '../types';
import { queueWords } from '../words';
import classes from './admin.module.css';
import { TableScroll } from './TableScroll';

export function WorkerTable({ workers }: { workers: JobWorker[] }) {
  if (workers.length === 0) {
    return (
      <p className={classes.none}>
        No process takes jobs. Start a worker, or let this instance do them itself.
      </p>
    );
  }
  return (
    <TableScroll label="Workers">
      <thead>
        <tr>
          <th scope="col">Process</th>
          <th scope="col">State</th>
          <th scope="col">Queues</th>
          <th scope="col" className={`${classes.number} ${classes.wideOnly}`}>
            Slots
          </th>
          <th scope="col" className={classes.wideOnly}>
            Started
          </th>
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <tr key={worker.name}>
            <th scope="row">
              <span className="mono">{worker.name}</span>
              {worker.is_embedded && (
                <span className={classes.note}>serves requests, too</span>
              )}
            </th>
            <td>
              {worker.is_alive ? (
                <SeverityMark severity="fine">Alive</SeverityMark>
              ) : (
                <SeverityMark severity="error">
                  Silent, last heard <RelativeTime at={worker.seen_at} />
                </SeverityMark>
              )}
            </td>
            <td>{worker.queues.map((name) => queueWords[name]).join(', ')}</td>
            <td className={`tabular ${classes.number} ${classes.wideOnly}`}>
              {worker.slots}
            </td>
            <td className={classes.wideOnly}>
              <RelativeTime at={worker.started_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </TableScroll>
  );
}
