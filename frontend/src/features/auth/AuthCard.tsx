import { type ReactNode, useEffect, useRef } from 'react';
import { Brand } from '@/features/shell/Brand';
import { ThemeSwitch } from '@/features/shell/ThemeSwitch';
import classes from './auth.module.css';

interface AuthCardProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
  /** Room for two columns, where the window has it. */
  wide?: boolean;
}

/** The one card of the pages before anybody is signed in. */
export function AuthCard({ title, lead, children, foot, wide }: AuthCardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(title);
  useEffect(() => {
    if (shown.current === title) return;
    // Another step on the same card: whoever cannot see it hears where they are.
    shown.current = title;
    heading.current?.focus();
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <Brand />
        <ThemeSwitch />
      </header>
      <main id="main" className={classes.main}>
        <div className={classes.card} data-wide={wide || undefined}>
          <h1 ref={heading} className={classes.title} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className={classes.lead}>{lead}</p>}
          {children}
        </div>
        {foot && <p className={classes.foot}>{foot}</p>}
      </main>
    </div>
  );
}
