import type { ReactNode } from 'react';
import type { Usage } from '@/api/types';
import { numberText } from '@/features/dashboard/words';
import classes from './usage.module.css';
import { clientText } from './words';

export interface Part {
  key: string;
  label: ReactNode;
  total: number;
}

/** With what it was pulled. */
export function ClientSplit({ clients }: Pick<Usage, 'clients'>) {
  return (
    <Split
      title="Clients"
      parts={clients.map(({ name, total }) => ({
        key: name,
        label: clientText(name),
        total,
      }))}
    />
  );
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
