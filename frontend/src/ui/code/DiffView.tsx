import { SegmentedControl } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { TextSkeleton } from '../skeletons';
import classes from './code.module.css';

export interface DiffTextProps {
  original: string;
  modified: string;
  /** What is compared, for screen readers: "code-reviewer, revision 2 to 3". */
  label: string;
  split: boolean;
}

interface DiffViewProps extends Omit<DiffTextProps, 'split'> {
  /** Names of the two sides, shown above: "Revision 2", "Revision 3". */
  from?: string;
  to?: string;
}

const Diff = lazy(() => import('./CodeMirrorDiff'));

/** Two texts, inline or side by side; one column on narrow screens. */
export function DiffView({ from, to, ...texts }: DiffViewProps) {
  const [mode, setMode] = useLocalStorage<'unified' | 'split'>({
    key: 'roster-diff',
    defaultValue: 'unified',
    getInitialValueInEffect: false,
  });
  const wide = useMediaQuery('(min-width: 56em)', true);
  const split = mode === 'split' && wide === true;
  return (
    <div className={classes.diff}>
      <div className={classes.diffBar}>
        <span className={classes.diffNames}>
          {from && <span data-side="from">− {from}</span>}
          {to && <span data-side="to">+ {to}</span>}
        </span>
        {wide && (
          <SegmentedControl
            aria-label="How to show the changes"
            value={mode}
            onChange={(value) => setMode(value === 'split' ? 'split' : 'unified')}
            data={[
              { value: 'unified', label: 'Inline' },
              { value: 'split', label: 'Side by side' },
            ]}
          />
        )}
      </div>
      <Suspense fallback={<TextSkeleton lines={12} />}>
        <Diff {...texts} split={split} />
      </Suspense>
    </div>
  );
}
