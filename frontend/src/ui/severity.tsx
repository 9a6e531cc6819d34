import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
} from '@tabler/icons-react';
import type { Health, Worst } from '@/api/types';
import classes from './severity.module.css';

export const severities = {
  error: { icon: IconCircleX, word: 'Error' },
  warning: { icon: IconAlertTriangle, word: 'Warning' },
  info: { icon: IconInfoCircle, word: 'Info' },
  fine: { icon: IconCircleCheck, word: 'Fine' },
} as const;

/** Icon, word and colour: never colour alone. */
export function SeverityBadge({ severity }: { severity: Worst }) {
  const { icon: Icon, word } = severities[severity];
  return (
    <span className={classes.badge} data-severity={severity}>
      <Icon size={14} stroke={1.8} aria-hidden />
      {word}
    </span>
  );
}

const counted = (count: number, word: string) =>
  count === 0 ? null : `${count} ${word}${count === 1 ? '' : 's'}`;

export function healthText(health: Health): string {
  const parts = [
    counted(health.errors, 'error'),
    counted(health.warnings, 'warning'),
    counted(health.infos, 'note'),
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : 'Nothing found';
}

interface HealthDotProps {
  health: Health;
  /** Show the counts beside the icon. */
  withText?: boolean;
}

/** The worst finding of a component: a shape per severity, the counts on hover. */
export function HealthDot({ health, withText = false }: HealthDotProps) {
  const { icon: Icon } = severities[health.worst];
  const text = healthText(health);
  return (
    <span className={classes.dot} data-severity={health.worst} title={text}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {withText ? <span>{text}</span> : <span className={classes.hidden}>{text}</span>}
    </span>
  );
}
