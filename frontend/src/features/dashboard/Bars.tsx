import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';
import { dayText } from './words';

interface BarsProps {
  label: string;
  color: string;
  days: string[];
  counts: number[];
  /** Say beside the bars how much they stand for. */
  withNumbers?: boolean;
}

const short = new Intl.NumberFormat('en', { notation: 'compact' });

/** A bar for each day. */
export default function Bars(props: BarsProps) {
  const { label, color, days, counts, withNumbers = false } = props;
  return (
    <BarChart
      h={120}
      data={days.map((day, index) => ({ day: dayText(day), [label]: counts[index] }))}
      dataKey="day"
      series={[{ name: label, color }]}
      gridAxis="x"
      tickLine="none"
      xAxisProps={{ interval: 'equidistantPreserveStart' }}
      withYAxis={withNumbers}
      yAxisProps={{
        width: 36,
        tickCount: 3,
        allowDecimals: false,
        tickFormatter: (count: number) => short.format(count),
      }}
      maxBarWidth={18}
      barProps={{ isAnimationActive: false, radius: 2 }}
      // Else it could be reached by keyboard, where there is nothing to read.
      barChartProps={{ accessibilityLayer: false }}
      tooltipAnimationDuration={0}
    />
  );
}
