import { Link } from '@tanstack/react-router';
import type { CollectionDetail } from '@/api/types';
import classes from './collections.module.css';
import { TABS, type Tab } from './search';

const titles: Record<Tab, string> = {
  entries: 'Entries',
  releases: 'Releases',
  install: 'Install',
  usage: 'Usage',
  settings: 'Settings',
};

const addressOf = (tab: Tab) =>
  tab === 'install'
    ? ({ to: '/collections/$team/$name/install', search: {} } as const)
    : ({
        to: '/collections/$team/$name',
        search: tab === 'entries' ? {} : { tab },
      } as const);

interface CollectionTabsProps {
  collection: CollectionDetail;
  tab: Tab;
}

/** Links rather than tabs: each view has an address of its own. */
export function CollectionTabs({ collection, tab }: CollectionTabsProps) {
  const { team, name, permissions } = collection;
  const shown = TABS.filter((one) => one !== 'settings' || permissions.edit);
  return (
    <nav className={classes.tabs} aria-label="Views of this collection">
      {shown.map((one) => (
        <Link
          key={one}
          {...addressOf(one)}
          params={{ team: team.slug, name }}
          resetScroll={false}
          // Which view is shown is said below, also for one with more in its address.
          activeOptions={{ exact: true, includeSearch: true }}
          className={classes.tab}
          aria-current={one === tab ? 'page' : undefined}
        >
          {titles[one]}
          {one === 'entries' && (
            <span className={classes.tabCount}>{collection.entries.length}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}
