import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { describe } from '@/api/problem';
import { FindingItem } from '@/ui/FindingItem';
import { TextSkeleton } from '@/ui/skeletons';
import { isSecretRule } from './leaks';
import classes from './panels.module.css';
import { fileQuery } from './queries';
import type { ImportFile, ImportPublic } from './types';
import { nameOf, useDecide } from './use-decide';
import { kindWord } from './wording';

interface LeakRowProps {
  of: ImportPublic;
  file: ImportFile;
}

/** One file, what was found in it, and the three ways on. */
export function LeakRow({ of, file }: LeakRowProps) {
  const [open, setOpen] = useState(false);
  const found = useId();
  const decide = useDecide(of.id, file);
  const name = nameOf(file) || file.path;
  return (
    <li className={classes.leak}>
      <div className={classes.leakWhat}>
        <span className={`mono ${classes.leakName}`}>{name}</span>
        <span className="muted">{kindWord(file.kind ?? 'other')}</span>
        <span className={`mono ${classes.leakPath}`}>{file.path}</span>
      </div>
      <div className={classes.leakActions}>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          aria-expanded={open}
          aria-controls={open ? found : undefined}
          aria-label={`What was found in ${file.path}`}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide' : 'What was found'}
        </Button>
        {file.kind === 'server' && (
          <Button
            size="xs"
            disabled={decide.isPending}
            aria-label={`Move the secrets of ${file.path} into the store`}
            onClick={() => decide.mutate({ secrets: 'move' })}
          >
            Move into the store
          </Button>
        )}
        <Button
          size="xs"
          disabled={decide.isPending}
          aria-label={`Skip ${file.path}`}
          onClick={() => decide.mutate({ decision: 'skip' })}
        >
          Skip
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          disabled={decide.isPending}
          aria-label={`Keep ${file.path} as it is`}
          onClick={() => decide.mutate({ secrets: 'keep' })}
        >
          Keep
        </Button>
      </div>
      {decide.error && (
        <p role="alert" className={classes.leakError}>
          {describe(decide.error)}
        </p>
      )}
      {open && (
        <div id={found} className={classes.leakFound}>
          <Found of={of} file={file} />
        </div>
      )}
    </li>
  );
}

/** The findings, never the values: in the main file and in those beside it. */
function Found({ of, file }: LeakRowProps) {
  const detail = useQuery(fileQuery(of.id, file.id));
  if (detail.error && !detail.data) {
    return <p role="alert">{describe(detail.error)}</p>;
  }
  if (!detail.data) return <TextSkeleton lines={2} />;
  const { findings, files } = detail.data;
  const beside = files.map((one) => ({
    path: one.path,
    findings: one.findings.filter(isSecretRule),
  }));
  const all = [{ path: null, findings: findings.filter(isSecretRule) }, ...beside];
  return all
    .filter((one) => one.findings.length > 0)
    .map((one) => (
      <div key={one.path ?? ''}>
        {one.path && <p className="mono">{one.path}</p>}
        <ul className={classes.plain}>
          {one.findings.map((finding, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: findings never move
            <FindingItem key={index} finding={finding} />
          ))}
        </ul>
      </div>
    ));
}
