import type { Stats } from '@/api/types';
import { useCode } from '@/lib/use-code';
import classes from './dashboard.module.css';
import { eventfulDays, SERIES, sum } from './series';
import { dayText, numberText } from './words';

const bars = () => import('./Bars');

/** Totals of the period with bars for its days, and the same as a table. */
export function OverTime({ series }: { series: Stats['series'] }) {
  const Bars = useCode(bars, true);
  const eventful = eventfulDays(series);
  return (
    <>
      <dl className={classes.charts}>
        {SERIES.map(({ name, label, color }) => {
          const total = sum(series[name]);
          return (
            <div key={name} className={classes.chart}>
              <dt>{label}</dt>
              <dd className={classes.total}>{numberText(total)}</dd>
              {/* The same figures are in the table below, for everybody. */}
              {total > 0 && (
                <dd aria-hidden className={classes.bars}>
                  {Bars && (
                    <Bars
                      label={label}
                      color={color}
                      days={series.days}
                      counts={series[name]}
                    />
                  )}
                </dd>
              )}
            </div>
          );
        })}
      </dl>
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
