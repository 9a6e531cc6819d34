import type { ReactNode } from 'react';
import classes from './ui.module.css';

export function Kbd({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd cannot take the focus
    <kbd className={classes.kbd} aria-hidden="true">
      {children}
    </kbd>
  );
}
