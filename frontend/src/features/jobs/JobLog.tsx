import { Button, SegmentedControl } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { toastError } from '@/ui/toast';
import { LogLines } from './LogLines';
import { textOf } from './log';
import classes from './log.module.css';
import { isActive } from './progress';
import { readLines } from './queries';
import type { JobLine } from './types';
import { useLog } from './use-log';

const levels = [
  { value: 'all', label: 'All lines' },
  { value: 'problems', label: 'Problems' },
];

const isProblem = ({ level }: JobLine) => level !== 'info';

/** What a job says of its work, as it says it. */
export function JobLog({ id, label = 'Log' }: { id: string; label?: string }) {
  const { job, log, isRead, lines, earlier, showEarlier } = useLog(id);
  const [level, setLevel] = useState('all');
  const error = job.error ?? log.error;
  if (error && !isRead) {
    const retry = () => void (job.error ? job.refetch() : log.refetch());
    return <ErrorState heading="h3" error={error} onRetry={retry} />;
  }
  if (!job.data || !isRead) return <TextSkeleton lines={5} />;
  const active = isActive(job.data);
  const problems = lines.filter(isProblem).length;
  const shown = level === 'problems' ? lines.filter(isProblem) : lines;
  return (
    <div className={classes.log}>
      <div className={classes.tools}>
        <span className={classes.state} data-active={active || undefined}>
          {active ? 'Live' : 'Complete'}
        </span>
        <span className="muted tabular">{counted(job.data.lines, lines)}</span>
        <span className={classes.space} />
        {(problems > 0 || level === 'problems') && (
          <SegmentedControl
            aria-label="Which lines"
            data={levels}
            value={level}
            onChange={setLevel}
          />
        )}
        {lines.length > 0 && <CopyLog id={id} known={earlier > 0 ? null : lines} />}
      </div>
      {shown.length > 0 ? (
        <LogLines
          label={label}
          lines={shown}
          live={active}
          earlier={level === 'all' ? earlier : 0}
          onEarlier={showEarlier}
        />
      ) : (
        <p className={classes.nothing}>{nothing(active, level)}</p>
      )}
    </div>
  );
}

function nothing(active: boolean, level: string): string {
  if (level === 'problems') return 'No warning and no error among these lines.';
  return active ? 'Nothing said yet. Lines appear here.' : 'It said nothing.';
}

function counted(told: number, lines: readonly JobLine[]): string {
  const count = Math.max(told, lines.at(-1)?.number ?? 0);
  return count === 1 ? '1 line' : `${count} lines`;
}

/** Copies all of it, also what is not shown. */
function CopyLog({ id, known }: { id: string; known: readonly JobLine[] | null }) {
  const { copied, copy } = useClipboard({ timeout: 1500 });
  const [reading, setReading] = useState(false);
  async function copyAll() {
    setReading(true);
    try {
      copy(textOf(known ?? (await readLines(id, 0, { all: true }))));
    } catch (error) {
      toastError(error);
    } finally {
      setReading(false);
    }
  }
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <Button
      size="xs"
      variant="subtle"
      color="gray"
      loading={reading}
      leftSection={<Icon size={14} aria-hidden />}
      onClick={() => void copyAll()}
    >
      {copied ? 'Copied' : 'Copy log'}
    </Button>
  );
}
