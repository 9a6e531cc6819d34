import { TableScroll } from '@/features/jobs/admin/TableScroll';
import { SeverityMark } from '@/features/jobs/SeverityMark';
import classes from './health.module.css';
import {
  durationOf,
  type HealthPart,
  partWords,
  severityOf,
  statusWords,
} from './words';

export function PartTable({ parts }: { parts: HealthPart[] }) {
  return (
    <TableScroll label="Parts">
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">State</th>
          <th scope="col">Why</th>
          <th scope="col">Took</th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ name, status, reason, milliseconds }) => {
          const [label, whenWell] = partWords[name];
          return (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td>
                <SeverityMark severity={severityOf[status]}>
                  {statusWords[status]}
                </SeverityMark>
              </td>
              <td className={classes.reason}>{reason || whenWell}</td>
              <td className="tabular">{durationOf(milliseconds)}</td>
            </tr>
          );
        })}
      </tbody>
    </TableScroll>
  );
}
