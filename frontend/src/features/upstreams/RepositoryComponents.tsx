import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { placeOf } from '@/features/kinds/kinds';
import { ErrorState } from '@/ui/ErrorState';
import { KindBadge } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import { RowsSkeleton } from '@/ui/skeletons';
import { repositoryComponentsQuery } from './queries';
import classes from './repositories.module.css';
import { StandingMark } from './StandingMark';
import type { Repository, RepositoryComponent } from './types';
import { counted, shortCommit } from './words';

/** What comes from a repository, and how each stands to it. */
export function RepositoryComponents({ repository }: { repository: Repository }) {
  const list = useInfiniteQuery(repositoryComponentsQuery(repository.id));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="components">
      <h2 id="components" className={classes.heading}>
        {counted(repository.components, 'component')}
      </h2>
      {list.isPending && <RowsSkeleton rows={4} />}
      {list.error && !list.data && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data && items.length === 0 && (
        <p className="muted">
          Nothing here comes from it. Import it again to choose from what it has.
        </p>
      )}
      {items.length > 0 && (
        <ul className={classes.components}>
          {items.map((item) => (
            <Item key={item.component.id} item={item} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          mt="sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </section>
  );
}

function Item({ item }: { item: RepositoryComponent }) {
  const { component, path, commit, number } = item;
  return (
    <li className={classes.component}>
      <div className={classes.named}>
        <AnchorLink
          className={`mono ${classes.name}`}
          to="/$plural/$team/$name"
          params={placeOf(component)}
          search={{ tab: 'upstream' }}
        >
          {component.name}
        </AnchorLink>
        <KindBadge kind={component.kind} />
      </div>
      <div className={classes.path}>
        <span className="mono">{path}</span>
        <span>
          revision {number} from <span className="mono">{shortCommit(commit)}</span>
        </span>
      </div>
      <div className={classes.stands}>
        {item.has_local_changes && <span className="muted">Changed here</span>}
        <StandingMark of={item} />
      </div>
    </li>
  );
}
