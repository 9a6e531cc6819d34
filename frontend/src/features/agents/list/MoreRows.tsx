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
  /** How many rows are not shown yet, as far as that is known. */
  left: number | null;
  /** Whether so many rows are held that the next ones get a page of their own. */
  full: boolean;
  onNext: () => void;
}

/** Reads on as soon as the end of the list comes near; the button is the other way. */
export function MoreRows({ list, left, full, onNext }: MoreRowsProps) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(list);
  latest.current = list;
  const wanted =
    list.hasNextPage && !full && !list.isFetchingNextPage && !list.isFetchNextPageError;

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
  if (full) {
    return (
      <div className={classes.end}>
        <Button onClick={onNext}>Next rows</Button>
      </div>
    );
  }
  const more = left === null ? 'Show more' : `Show more (${left} left)`;
  return (
    <div ref={end} className={classes.end}>
      {list.isFetchNextPageError && (
        <span role="alert">
          The next rows could not be read. {describe(list.error)}
        </span>
      )}
      <Button loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        {list.isFetchNextPageError ? 'Try again' : more}
      </Button>
    </div>
  );
}
