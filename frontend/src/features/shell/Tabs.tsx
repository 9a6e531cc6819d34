import { Link, type LinkProps } from '@tanstack/react-router';
import classes from './tabs.module.css';

export interface PageTab {
  label: string;
  link: LinkProps;
  /** Shown while a page below it is, too. */
  deep?: boolean;
  /** What follows the `?` tells the tabs apart. */
  bySearch?: boolean;
}

/** Links rather than tabs: each view has an address of its own. */
export function PageTabs({ label, tabs }: { label: string; tabs: PageTab[] }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.label}
          {...tab.link}
          activeOptions={{ exact: !tab.deep, includeSearch: tab.bySearch ?? false }}
          activeProps={{ 'aria-current': 'page' }}
          className={classes.tab}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
