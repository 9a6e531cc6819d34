import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCode } from '@/lib/use-code';
import { RelativeTime } from '@/ui/facts';
import { DiscardButton } from './DiscardButton';
import { useRetryImport } from './job-changes';
import classes from './list.module.css';
import { originOf } from './origin';
import { isUnderWay } from './queries';
import type { ImportsSearch } from './search';
import type { ImportPublic } from './types';
import {
  appliedCount,
  count,
  headlineOf,
  leftAsideOf,
  reportOf,
  stateWords,
} from './wording';

/** Few imports are under way when somebody looks: its code comes after the page. */
const progress = async () => ({
  default: (await import('@/features/jobs/JobProgress')).JobProgress,
});

interface ImportItemProps {
  item: ImportPublic;
  search: ImportsSearch;
}

/** One import: what came of it, or how far it is. */
export function ImportItem({ item, search }: ImportItemProps) {
  const { state, headline, job } = item;
  const aside = leftAsideOf(headline.left_aside, 2);
  const origin = originOf(item);
  const stored = appliedCount(item.results);
  const working = isUnderWay(item) && job;
  const JobProgress = useCode(progress, Boolean(working));
  return (
    <li className={classes.import} data-state={state}>
      <span className={classes.state} data-state={state}>
        {stateWords[state]}
      </span>
      <div className={classes.text}>
        <Link to="/imports/$id" params={{ id: item.id }} className={classes.title}>
          {titleOf(item)}
        </Link>
        {working && (
          <div className={classes.progress}>
            {JobProgress && <JobProgress job={working} label={titleOf(item)} />}
          </div>
        )}
        <div className={classes.meta}>
          <span>
            <RelativeTime at={item.applied_at ?? item.created_at} /> into{' '}
            <span className="mono">{item.team.slug}</span>
            {search.team && ` by ${item.author.display_name || item.author.username}`}
          </span>
          {item.source === 'samples' && <span>Samples</span>}
          {origin && <span className={`mono ${classes.origin}`}>{origin}</span>}
          {state === 'preview' && stored > 0 && (
            <span>{count(stored)} applied already</span>
          )}
          {aside && !isUnderWay(item) && <span>{aside}</span>}
        </div>
      </div>
      {state === 'failed' ? (
        <Failed item={item} />
      ) : (
        state === 'preview' && <DiscardButton of={item} />
      )}
    </li>
  );
}

function titleOf({ state, headline, results, error, looked_in }: ImportPublic): string {
  if (state === 'reading') return 'Reading the files';
  if (state === 'applying') return 'Storing what was decided';
  if (state === 'failed') {
    return looked_in.length > 0 ? 'Nothing found here' : error || 'It did not succeed';
  }
  if (state === 'applied' && results) return reportOf(results, headline.components);
  return headlineOf(headline);
}

function Failed({ item }: { item: ImportPublic }) {
  const retry = useRetryImport(item);
  return (
    <span className={classes.actions}>
      {item.job && (
        <Button
          size="xs"
          loading={retry.isPending}
          aria-label={`Try again: ${titleOf(item)}`}
          onClick={() => retry.mutate()}
        >
          Try again
        </Button>
      )}
      <DiscardButton of={item} />
    </span>
  );
}
