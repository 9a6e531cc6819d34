import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './ui.module.css';

interface EmptyStateProps {
  icon: Icon;
  title: string;
  /** What the place is for. */
  children?: ReactNode;
  /** The one action that fills it. */
  action?: ReactNode;
  heading?: 'h1' | 'h2' | 'h3';
}

export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  heading: Heading = 'h2',
}: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <span className={classes.emptyIcon}>
        <Icon size={22} stroke={1.5} aria-hidden />
      </span>
      <Heading className={classes.emptyTitle}>{title}</Heading>
      {children && <div className={classes.emptyText}>{children}</div>}
      {action && <div className={classes.emptyAction}>{action}</div>}
    </div>
  );
}
