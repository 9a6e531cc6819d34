import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { exactTime } from '@/lib/time';
import { toastError } from '@/ui/toast';
import { levelIcons, levelWords } from './icons';
import classes from './log.module.css';
import type { JobLine } from './types';

/** Shorter logs are simply there: for find-in-page, print and screen readers. */
const PLAIN = 400;
const ROW = 22;
/** So near to the end, one is at the end. */
const NEAR = 24;

interface LogLinesProps {
  label: string;
  lines: readonly JobLine[];
  /** More is to come. */
  live: boolean;
  /** How many come before, and are not read yet. */
  earlier: number;
  onEarlier: () => Promise<void>;
}

/** Lines that scroll along with the newest, unless somebody reads further up. */
export function LogLines({ label, lines, live, earlier, onEarlier }: LogLinesProps) {
  const box = useRef<HTMLElement>(null);
  const [following, setFollowing] = useState(true);
  const [reading, setReading] = useState(false);
  /** Where it was, from the end: what comes before must not move it. */
  const fromEnd = useRef<number | null>(null);
  const last = lines.at(-1)?.number;
  const first = lines[0]?.number;

  // biome-ignore lint/correctness/useExhaustiveDependencies: when lines came at the end
  useLayoutEffect(() => {
    const element = box.current;
    if (element && following) element.scrollTop = element.scrollHeight;
  }, [last, following]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when lines came before
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || fromEnd.current === null) return;
    element.scrollTop = element.scrollHeight - fromEnd.current;
    fromEnd.current = null;
  }, [first]);

  async function showEarlier() {
    const element = box.current;
    setReading(true);
    if (element) fromEnd.current = element.scrollHeight - element.scrollTop;
    setFollowing(false);
    try {
      await onEarlier();
    } catch (error) {
      toastError(error);
    } finally {
      setReading(false);
    }
  }

  return (
    <div className={classes.frame}>
      <section
        ref={box}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
        tabIndex={0}
        className={classes.lines}
        onScroll={({ currentTarget: at }) =>
          setFollowing(at.scrollHeight - at.scrollTop - at.clientHeight < NEAR)
        }
      >
        {earlier > 0 && (
          <Button
            size="xs"
            variant="subtle"
            loading={reading}
            onClick={() => void showEarlier()}
          >
            Show earlier lines
          </Button>
        )}
        {lines.length > PLAIN ? (
          <LongLog lines={lines} box={box} />
        ) : (
          <ol className={classes.list}>
            {lines.map((line, index) => (
              <li key={line.number}>
                <Line line={line} before={lines[index - 1]} />
              </li>
            ))}
          </ol>
        )}
      </section>
      {live && !following && (
        <Button
          size="xs"
          className={classes.newest ?? ''}
          leftSection={<IconArrowDown size={14} aria-hidden />}
          onClick={() => setFollowing(true)}
        >
          To the newest
        </Button>
      )}
    </div>
  );
}

interface LongLogProps {
  lines: readonly JobLine[];
  box: React.RefObject<HTMLElement | null>;
}

/** Only the lines in view. */
function LongLog({ lines, box }: LongLogProps) {
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 20,
    getItemKey: (index) => lines[index]?.number ?? index,
  });
  return (
    <ol className={classes.list} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ index, key, start }) => {
        const line = lines[index];
        return (
          line && (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={lines.length}
              className={classes.placed}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Line line={line} before={lines[index - 1]} />
            </li>
          )
        );
      })}
    </ol>
  );
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function Line({ line, before }: { line: JobLine; before: JobLine | undefined }) {
  const { attempt, level, message, created_at } = line;
  const at = new Date(created_at);
  return (
    <>
      {attempt > 1 && attempt !== before?.attempt && (
        <div className={classes.attempt}>Attempt {attempt}</div>
      )}
      <div className={classes.line} data-level={level}>
        <time dateTime={created_at} title={exactTime(at)} className={classes.time}>
          {clock.format(at)}
        </time>
        <span className={classes.message}>
          {level !== 'info' && <Level level={level} />}
          {message}
        </span>
      </div>
    </>
  );
}

function Level({ level }: { level: 'warning' | 'error' }): ReactNode {
  const Icon = levelIcons[level];
  return (
    <span className={classes.level}>
      <Icon size={14} stroke={1.8} aria-hidden /> {levelWords[level]}:{' '}
    </span>
  );
}
