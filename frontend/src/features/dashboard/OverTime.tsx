import type { Stats } from '@/api/types';
import { useCode } from '@/lib/use-code';
import classes from './dashboard.module.css';
import { eventfulDays, SERIES, sum } from './series';
import { dayText, numberText } from './words';

const charts = () => import('./Charts');

/** Totals of the period, bars for its days, and the same as a table. */
export function OverTime({ series }: { series: Stats['series'] }) {
  const Charts = useCode(charts, true);
  const eventful = eventfulDays(series);
  return (
    <>
      <dl className={classes.totals}>
        {SERIES.map(({ name, label }) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{numberText(sum(series[name]))}</dd>
          </div>
        ))}
      </dl>
      {Charts ? <Charts series={series} /> : <div className={classes.chartsToCome} />}
      <details className={classes.details}>
        <summary>Show the days as a table</summary>
        {eventful.length === 0 ? (
          <p className={classes.nothing}>Nothing happened in this time.</p>
        ) : (
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {SERIES.map(({ name, label }) => (
                  <th key={name} scope="col" className={classes.number}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {eventful.map(({ day, counts }) => (
                <tr key={day}>
                  <th scope="row">{dayText(day)}</th>
                  {SERIES.map(({ name }, index) => (
                    <td key={name} className={classes.number}>
                      {numberText(counts[index] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </details>
    </>
  );
}
