import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';
import type { Stats } from '@/api/types';
import classes from './dashboard.module.css';
import { SERIES } from './series';
import { dayText } from './words';

/** Bars for each day. The figures are in the table below them, for everybody. */
export default function Charts({ series }: { series: Stats['series'] }) {
  return (
    <div className={classes.charts} aria-hidden>
      {SERIES.map(({ name, label, color }) => (
        <figure key={name} className={classes.chart}>
          <figcaption>{label}</figcaption>
          <BarChart
            h={120}
            data={series.days.map((day, index) => ({
              day: dayText(day),
              [label]: series[name][index],
            }))}
            dataKey="day"
            series={[{ name: label, color }]}
            gridAxis="x"
            tickLine="none"
            withYAxis={false}
            maxBarWidth={18}
            barProps={{ isAnimationActive: false, radius: 2 }}
            // Else it can be reached by keyboard, where nothing may be read.
            barChartProps={{ accessibilityLayer: false }}
            tooltipAnimationDuration={0}
          />
        </figure>
      ))}
    </div>
  );
}
