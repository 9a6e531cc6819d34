import {
  IconBrandGit,
  IconBuildingStore,
  IconChecks,
  IconDownload,
  IconTerminal2,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { InstallSearch } from '../search';
import { Access } from './Access';
import { Command } from './Command';
import {
  hasMarketplace,
  stepsOf,
  WAYS,
  type Wanted,
  type Way,
  wayFor,
} from './commands';
import { Download } from './Download';
import classes from './install.module.css';

const ways = {
  cli: { icon: IconTerminal2, title: 'Terminal' },
  git: { icon: IconBrandGit, title: 'Git' },
  marketplace: { icon: IconBuildingStore, title: 'Marketplace' },
  download: { icon: IconDownload, title: 'Download' },
  ci: { icon: IconChecks, title: 'CI' },
} as const satisfies Record<Way, unknown>;

interface WaysProps {
  wanted: Wanted;
  search: InstallSearch;
}

/** The ways to get it, and the steps of the chosen one. */
export function Ways({ wanted, search }: WaysProps) {
  const offered = WAYS.filter(
    (way) => way !== 'marketplace' || hasMarketplace(wanted.target),
  );
  const way = wayFor(wanted.target, search.way);
  const steps = stepsOf(way, wanted);
  const access = <Access wanted={wanted} way={way} />;
  return (
    <>
      <nav className={classes.ways} aria-label="Ways to install">
        {offered.map((one) => {
          const { icon: Icon, title } = ways[one];
          const { way: _, file: __, ...rest } = search;
          return (
            <Link
              key={one}
              to="/collections/$team/$name/install"
              params={{ team: wanted.team, name: wanted.name }}
              search={one === 'cli' ? rest : { ...rest, way: one }}
              resetScroll={false}
              activeOptions={{ exact: true, includeSearch: true }}
              className={classes.way}
              aria-current={one === way ? 'page' : undefined}
            >
              <Icon className={classes.wayIcon} size={15} stroke={1.7} aria-hidden />
              {title}
            </Link>
          );
        })}
      </nav>
      {/* Whoever signs in by hand needs none. */}
      {way === 'download' && <Download wanted={wanted} />}
      {way !== 'cli' && access}
      <ol className={classes.steps} data-single={steps.length === 1 || undefined}>
        {steps.map(({ title, about, command, file }) => (
          <li key={title} className={classes.step}>
            <h3>{title}</h3>
            {about && <p>{about}</p>}
            <Command title={title} command={command} file={file} />
          </li>
        ))}
      </ol>
      {way === 'cli' && access}
    </>
  );
}
