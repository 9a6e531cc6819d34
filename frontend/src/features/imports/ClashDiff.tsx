import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DiffView } from '@/ui/code/DiffView';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './clash.module.css';
import { fileQuery } from './queries';
import type { ImportFile, ImportPublic } from './types';

interface ClashDiffProps {
  of: ImportPublic;
  files: readonly ImportFile[];
}

/** The first side against another one; with three or more, which one is chosen. */
export default function ClashDiff({ of, files }: ClashDiffProps) {
  const [first, second] = files;
  const [chosen, setChosen] = useState(second?.id ?? '');
  const other = files.find(({ id }) => id === chosen) ?? second;
  const left = useQuery(fileQuery(of.id, first?.id ?? ''));
  const right = useQuery(fileQuery(of.id, other?.id ?? ''));
  const error = left.error ?? right.error;
  if (error) {
    return (
      <ErrorState
        error={error}
        heading="h3"
        onRetry={() => {
          void left.refetch();
          void right.refetch();
        }}
      />
    );
  }
  return (
    <div className={classes.diff}>
      {files.length > 2 && (
        <NativeSelect
          label={`Compare ${first?.path} with`}
          value={other?.id ?? ''}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={files.slice(1).map(({ id, path }) => ({ value: id, label: path }))}
        />
      )}
      {left.data && right.data ? (
        <DiffView
          original={left.data.original}
          modified={right.data.original}
          label={`${left.data.path} to ${right.data.path}`}
          from={left.data.path}
          to={right.data.path}
        />
      ) : (
        <TextSkeleton lines={10} />
      )}
    </div>
  );
}
