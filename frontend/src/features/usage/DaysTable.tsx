import type { Usage } from '@/api/types';
import { dayText, numberText } from '@/features/dashboard/words';
import classes from './usage.module.css';
import { clientText, pulledDays } from './words';

/** The days as a table, by what pulled. */
export function DaysTable({ usage }: { usage: Usage }) {
  return (
    <details className={classes.details}>
      <summary>Show the days as a table</summary>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Pulls</th>
              {usage.clients.map(({ name }) => (
                <th key={name} scope="col">
                  {clientText(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pulledDays(usage).map(({ day, total, counts }) => (
              <tr key={day}>
                <th scope="row">{dayText(day)}</th>
                <td>{numberText(total)}</td>
                {usage.clients.map(({ name }, index) => (
                  <td key={name}>{numberText(counts[index] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
