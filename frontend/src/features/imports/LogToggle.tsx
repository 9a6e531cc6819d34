import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './working.module.css';

const JobLog = lazy(async () => ({
  default: (await import('@/features/jobs/JobLog')).JobLog,
}));

interface LogToggleProps {
  open: boolean;
  onToggle: (open: boolean) => void;
}

export function LogToggle({ open, onToggle }: LogToggleProps) {
  return (
    <Button
      variant="subtle"
      color="gray"
      aria-expanded={open}
      onClick={() => onToggle(!open)}
    >
      {open ? 'Hide the log' : 'Show the log'}
    </Button>
  );
}

/** What the job of an import says; loaded when somebody asks. */
export function ImportLog({ id }: { id: string }) {
  return (
    <div className={classes.log}>
      <Suspense fallback={<TextSkeleton lines={4} />}>
        <JobLog id={id} />
      </Suspense>
    </div>
  );
}
