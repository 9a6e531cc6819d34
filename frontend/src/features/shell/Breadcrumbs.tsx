import { Link, useMatches } from '@tanstack/react-router';
import { Fragment } from 'react';
import classes from './shell.module.css';

/** The real path of what is shown, from the deepest route that states one. */
export function Breadcrumbs() {
  const crumbs = useMatches({
    select: (matches) => {
      for (const match of [...matches].reverse()) {
        if (match.staticData.crumbs)
          return match.staticData.crumbs(match.params as Record<string, string>);
      }
      return [];
    },
  });
  if (crumbs.length === 0) return null;
  return (
    <nav aria-label="Breadcrumbs" className={classes.crumbs}>
      <ol>
        {crumbs.map(({ label, href, mono }, index) => (
          <Fragment key={`${label}:${href ?? ''}`}>
            {index > 0 && <li aria-hidden="true">/</li>}
            <li className={mono ? 'mono' : undefined}>
              {href ? (
                <Link to={href}>{label}</Link>
              ) : (
                <span aria-current="page">{label}</span>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}
