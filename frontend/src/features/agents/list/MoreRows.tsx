import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { describe } from '@/api/problem';
import classes from './list.module.css';

interface MoreRowsProps {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: Error | null;
    fetchNextPage: () => unknown;
  };
  shown: number;
  total: number;
}

/** Reads on as soon as the end of the list comes near; the button is the other way. */
export function MoreRows({ list, shown, total }: MoreRowsProps) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(list);
  latest.current = list;
  const wanted =
    list.hasNextPage && !list.isFetchingNextPage && !list.isFetchNextPageError;

  useEffect(() => {
    if (!wanted || !end.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current.fetchNextPage();
      },
      { rootMargin: '600px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [wanted]);

  if (!list.hasNextPage) return null;
  return (
    <div ref={end} className={classes.end}>
      {list.isFetchNextPageError && (
        <span role="alert">
          The next rows could not be read. {describe(list.error)}
        </span>
      )}
      <Button loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        {list.isFetchNextPageError ? 'Try again' : `Show more (${total - shown} left)`}
      </Button>
    </div>
  );
}
