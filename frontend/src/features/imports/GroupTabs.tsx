import { Link } from '@tanstack/react-router';
import classes from './imports.module.css';
import type { ImportSearch } from './search';
import { count } from './wording';

export interface GroupTab {
  key: string;
  label: string;
  /** Null: not known yet. */
  count: number | null;
  search: ImportSearch;
  urgent?: boolean;
}

interface GroupTabsProps {
  id: string;
  label: string;
  tabs: readonly GroupTab[];
  current: string;
}

/** The groups as addresses, so that a link shows what the sender saw. */
export function GroupTabs({ id, label, tabs, current }: GroupTabsProps) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.key}>
            <Link
              to="/imports/$id"
              params={{ id }}
              search={tab.search}
              replace
              resetScroll={false}
              className={classes.tab}
              data-urgent={tab.urgent || undefined}
              {...(tab.key === current ? { 'aria-current': 'page' } : {})}
              activeProps={{}}
            >
              {tab.label}
              <span className={classes.tabCount}>
                {tab.count === null ? '\u2007' : count(tab.count)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
