import type { ReactNode } from 'react';
import classes from './admin.module.css';

/** A table that may be wider than a small window; the keyboard scrolls it, too. */
export function TableScroll({
  label,
  children,
}: {
  label: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={classes.scroll} aria-label={`${label}, scrolls`} tabIndex={0}>
      <table className={classes.table} aria-label={label}>
        {children}
      </table>
    </section>
  );
}
