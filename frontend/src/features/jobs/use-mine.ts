import { useLocalStorage } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { useUser } from '@/lib/use-session';
import { followMine } from './follow';
import { latestEnd, type Mine, sortMine } from './mine';
import { mineQuery } from './queries';

const NEVER = '1970-01-01T00:00:00Z';

/** My jobs as they are now, and how to say that what ended was seen. */
export function useMine(): { mine: Mine; markSeen: () => void } {
  const client = useQueryClient();
  const user = useUser();
  const { data } = useQuery(mineQuery);
  const [seen, setSeen] = useLocalStorage<string | null>({
    key: `roster-jobs-seen-${user?.id}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const jobs = data ?? [];
  const mine = sortMine(jobs, seen ?? latestEnd(jobs));
  const following = mine.active.length > 0;

  useEffect(() => (following ? followMine(client) : undefined), [client, following]);
  // What had ended before the first visit is no news.
  useEffect(() => {
    if (data && seen === null) setSeen(latestEnd(data) ?? NEVER);
  }, [data, seen, setSeen]);

  const markSeen = useCallback(() => {
    const latest = data && latestEnd(data);
    if (latest) setSeen(latest);
  }, [data, setSeen]);
  return { mine, markSeen };
}
