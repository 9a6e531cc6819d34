import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
} from '@tabler/icons-react';
import type { ExportSummary } from '@/api/types';
import classes from './exports.module.css';
import { lossText } from './losses';

/** How much of it a tool has no place for; icon and word, never colour alone. */
export function LossBadge({
  losses,
  serious,
}: Pick<ExportSummary, 'losses' | 'serious'>) {
  const Icon = iconOf(losses, serious);
  return (
    <span
      className={classes.badge}
      data-lossy={serious > 0 ? 'serious' : losses > 0 || undefined}
    >
      <Icon size={13} stroke={1.8} aria-hidden />
      <span className="tabular">{lossText(losses, serious)}</span>
    </span>
  );
}

const iconOf = (losses: number, serious: number) => {
  if (serious > 0) return IconAlertOctagon;
  return losses > 0 ? IconAlertTriangle : IconCircleCheck;
};
