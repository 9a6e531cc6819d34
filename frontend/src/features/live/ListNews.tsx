import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import classes from './live.module.css';
import { newsOf, showNews, subscribeNews } from './news';

/** Says that a list has changed meanwhile, and shows it when it is asked to. */
export function ListNews({ queryKey }: { queryKey: QueryKey }) {
  const client = useQueryClient();
  const count = useSyncExternalStore(subscribeNews, () => newsOf(queryKey));
  return (
    <div role="status" className={classes.news}>
      {count > 0 && (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconArrowUp size={14} stroke={1.8} aria-hidden />}
          onClick={() => showNews(client, queryKey)}
        >
          {count === 1 ? '1 change' : `${count} changes`}, show
        </Button>
      )}
    </div>
  );
}
