import type { ReactNode } from 'react';
import { numberText } from '@/features/dashboard/words';
import classes from './usage.module.css';

export interface Part {
  key: string;
  label: ReactNode;
  total: number;
}

/** What a total is made of, the largest part first, each beside the others. */
export function Split({ title, parts }: { title: string; parts: Part[] }) {
  if (parts.length === 0) return null;
  const most = Math.max(...parts.map(({ total }) => total));
  return (
    <section className={classes.split} aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {parts.map(({ key, label, total }) => (
          <li key={key}>
            <span className={classes.partLabel}>{label}</span>
            <span className={classes.partTotal}>{numberText(total)}</span>
            <progress className={classes.share} value={total} max={most} aria-hidden />
          </li>
        ))}
      </ul>
    </section>
  );
}
