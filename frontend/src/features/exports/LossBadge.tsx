import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import classes from './exports.module.css';
import { lossText } from './losses';

/** How much of it a tool has no place for; icon and word, never colour alone. */
export function LossBadge({ losses }: { losses: number }) {
  const Icon = losses === 0 ? IconCircleCheck : IconAlertTriangle;
  return (
    <span className={classes.badge} data-lossy={losses > 0 || undefined}>
      <Icon size={13} stroke={1.8} aria-hidden />
      <span className="tabular">{lossText(losses)}</span>
    </span>
  );
}
