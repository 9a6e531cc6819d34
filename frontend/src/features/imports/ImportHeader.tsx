import type { ReactNode } from 'react';
import { RelativeTime } from '@/ui/facts';
import classes from './imports.module.css';
import { broughtIn, originOf } from './origin';
import type { ImportPublic } from './types';
import { count, leftAsideOf } from './wording';

interface ImportHeaderProps {
  of: ImportPublic;
  title: string;
  /** Below the title: what the words in it mean, or what comes next. */
  children?: ReactNode;
  actions?: ReactNode;
}

/** The sentence to remember, large; below it where the files came from. */
export function ImportHeader({ of, title, children, actions }: ImportHeaderProps) {
  const aside = leftAsideOf(of.headline.left_aside);
  const tokens = of.headline.description_tokens;
  const origin = originOf(of);
  return (
    <header className={classes.head}>
      <h1 className={classes.headline} tabIndex={-1}>
        {title}
      </h1>
      {children && <p className={classes.meaning}>{children}</p>}
      {aside && <p className={classes.aside}>{aside}</p>}
      <div className={classes.facts}>
        <span>
          {broughtIn(of)} <RelativeTime at={of.created_at} /> into{' '}
          <span className="mono">{of.team.slug}</span>
        </span>
        {origin && (
          <span>
            from <span className={`mono ${classes.origin}`}>{origin}</span>
          </span>
        )}
        {tokens >= 100 && (
          <span className="tabular">
            {count(tokens)} description tokens, estimated from the length
          </span>
        )}
        {actions && <span className={classes.headActions}>{actions}</span>}
      </div>
    </header>
  );
}
