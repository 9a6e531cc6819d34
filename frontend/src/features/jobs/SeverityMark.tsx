import type { ReactNode } from 'react';
import type { Worst } from '@/api/types';
import { severities } from '@/ui/severity';
import classes from './state.module.css';

/** How something stands, in its own words: icon, word and colour. */
export function SeverityMark({
  severity,
  children,
}: {
  severity: Worst;
  children: ReactNode;
}) {
  const { icon: Icon } = severities[severity];
  return (
    <span className={classes.mark} data-severity={severity}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span>{children}</span>
    </span>
  );
}
