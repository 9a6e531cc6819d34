import type { ReactNode } from 'react';
import classes from './ui.module.css';

interface PageHeaderProps {
  title: ReactNode;
  /** One line below: what this is, or its identifier. */
  description?: ReactNode;
  /** One primary button, the rest quiet. */
  actions?: ReactNode;
  mono?: boolean;
}

/** The page's only `h1`; takes the focus when the page is shown. */
export function PageHeader({ title, description, actions, mono }: PageHeaderProps) {
  return (
    <header className={classes.pageHeader}>
      <div className={classes.pageHeaderText}>
        <h1
          tabIndex={-1}
          className={mono ? `${classes.pageTitle} mono` : classes.pageTitle}
        >
          {title}
        </h1>
        {description && <div className={classes.pageDescription}>{description}</div>}
      </div>
      {actions && <div className={classes.pageActions}>{actions}</div>}
    </header>
  );
}
