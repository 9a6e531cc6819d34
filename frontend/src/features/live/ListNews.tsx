import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { hashKey, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import classes from './live.module.css';
import { newsOf, sayNews, showNews, subscribeNews } from './news';

/** Says that a list has changed meanwhile, and shows it when it is asked to. */
export function ListNews({ queryKey }: { queryKey: QueryKey }) {
  const client = useQueryClient();
  const hash = hashKey(queryKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hash is the key
  useEffect(() => sayNews(queryKey), [hash]);
  const count = useSyncExternalStore(subscribeNews, () => newsOf(queryKey));
  return (
    <div role="status" className={classes.news}>
      {count > 0 && (
        <Button
          size="xs"
          variant="subtle"
          className={classes.show ?? ''}
          leftSection={<IconArrowUp size={14} stroke={1.8} aria-hidden />}
          onClick={() => showNews(client, queryKey)}
        >
          {count === 1 ? '1 change' : `${count} changes`}, show
        </Button>
      )}
    </div>
  );
}
