import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RevisionDiff } from '@/api/types';
import { DiffView } from '@/ui/code/DiffView';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { revisionFileQuery } from './api';
import classes from './files.module.css';
import { textOf } from './tree';

type Change = RevisionDiff['files'][number];

interface FileChangesProps {
  component: string;
  from: number;
  to: number;
  files: readonly Change[];
  /** Is shown elsewhere. */
  main: string;
}

const words: Record<Change['status'], string> = {
  added: 'Added',
  removed: 'Removed',
  changed: 'Changed',
  renamed: 'Moved',
  same: 'Same',
};

/** What became of the other files, each with its lines when it is opened. */
export function FileChanges({ component, from, to, files, main }: FileChangesProps) {
  const changed = files.filter(
    ({ path, status }) => path !== main && status !== 'same',
  );
  if (changed.length === 0) return null;
  return (
    <section className={classes.changes} aria-label="Changed files">
      {changed.map((file) => (
        <OneChange
          key={file.path}
          component={component}
          from={from}
          to={to}
          file={file}
        />
      ))}
    </section>
  );
}

type OneChangeProps = Omit<FileChangesProps, 'files' | 'main'> & { file: Change };

function OneChange({ file, ...sides }: OneChangeProps) {
  const [open, setOpen] = useState(false);
  const head = (
    <>
      <span className={classes.status}>{words[file.status]}</span>
      <span className="mono">
        {file.previous_path && `${file.previous_path} → `}
        {file.path}
      </span>
      {file.binary ? (
        <span className="muted">binary</span>
      ) : (
        file.status !== 'renamed' && (
          <span className="tabular muted">
            +{file.additions} −{file.deletions}
          </span>
        )
      )}
    </>
  );
  if (file.binary || file.status === 'renamed') {
    return (
      <div className={classes.change}>
        <div className={classes.changeHead}>{head}</div>
      </div>
    );
  }
  return (
    <details
      className={classes.change}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{head}</summary>
      {open && (
        <div className={classes.changeBody}>
          <Lines file={file} {...sides} />
        </div>
      )}
    </details>
  );
}

function Lines({ component, from, to, file }: OneChangeProps) {
  const before = useQuery({
    ...revisionFileQuery(component, from, file.path),
    enabled: file.status !== 'added',
  });
  const after = useQuery({
    ...revisionFileQuery(component, to, file.path),
    enabled: file.status !== 'removed',
  });
  const failed = [before, after].find((query) => query.isError && !query.data);
  if (failed) {
    return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  const missing =
    (file.status !== 'added' && !before.data) ||
    (file.status !== 'removed' && !after.data);
  if (missing) return <TextSkeleton lines={6} />;
  return (
    <DiffView
      original={before.data ? (textOf(before.data) ?? '') : ''}
      modified={after.data ? (textOf(after.data) ?? '') : ''}
      from={`Revision ${from}`}
      to={`Revision ${to}`}
      label={`${file.path}, revision ${from} to ${to}`}
    />
  );
}
