import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CollectionDetail, ExportTarget } from '@/api/types';
import { LossBadge } from '@/features/exports/LossBadge';
import { summariesQuery } from '@/features/exports/queries';
import type { InstallSearch } from '../search';
import { hasMarketplace } from './commands';
import classes from './install.module.css';

interface ToolListProps {
  collection: CollectionDetail;
  targets: ExportTarget[];
  chosen: string;
  /** Of the release. */
  number: number;
  search: InstallSearch;
}

/** The tools, each with how much of the release it has no place for. */
export function ToolList(props: ToolListProps) {
  const { collection, targets, chosen, number, search } = props;
  const { data: summaries } = useQuery(summariesQuery(collection.id, number));
  const found = new Map(summaries?.map((one) => [one.target, one]));
  return (
    <nav className={classes.tools} aria-label="Tools">
      <h2>Install for</h2>
      <ul>
        {targets.map(({ name, label }) => {
          const summary = found.get(name);
          return (
            <li key={name}>
              <Link
                to="/collections/$team/$name/install"
                params={{ team: collection.team.slug, name: collection.name }}
                search={searchFor(name, search)}
                resetScroll={false}
                activeOptions={{ exact: true, includeSearch: true }}
                className={classes.tool}
                aria-current={name === chosen ? 'page' : undefined}
              >
                <span className={classes.toolName}>{label}</span>
                {summary && <LossBadge {...summary} />}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** The same way for the next tool, where it has it. */
const searchFor = (target: string, { release, way }: InstallSearch): InstallSearch => ({
  target,
  ...(release && { release }),
  ...(way && (way !== 'marketplace' || hasMarketplace(target)) && { way }),
});
