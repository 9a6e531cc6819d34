import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { describe } from '@/api/problem';
import { TokenCount } from '@/ui/facts';
import { HealthDot } from '@/ui/severity';
import { TextSkeleton } from '@/ui/skeletons';
import { ClashRename } from './ClashRename';
import classes from './clash.module.css';
import type { Clash } from './clashes';
import type { ImportFile, ImportPublic } from './types';
import { useDecideMany, useSettle, useSwap } from './use-decide';
import { bytes, plural } from './wording';

const ClashDiff = lazy(() => import('./ClashDiff'));

interface ClashCardProps {
  of: ImportPublic;
  clash: Clash;
  /** Show the differences from the beginning. */
  startOpen: boolean;
  onSettled: (how: string) => void;
}

/** One name, and the sides that want it. */
export function ClashCard({ of, clash, startOpen, onSettled }: ClashCardProps) {
  const { name, files, deleted } = clash;
  const [diff, setDiff] = useState(startOpen);
  const [again, setAgain] = useState(false);
  const [renaming, setRenaming] = useState<string | null>(null);
  const taken = (winner: ImportFile) => {
    setAgain(false);
    onSettled(`${winner.path} gets the name; ${othersOf(files, winner)} skipped.`);
  };
  const settle = useSettle(of.id, ([winner]) => winner && taken(winner));
  const swap = useSwap(of.id, taken);
  const skip = useDecideMany(of.id, () => onSettled('All of these are skipped.'));
  const busy = settle.isPending || swap.isPending || skip.isPending;
  const error = settle.error ?? swap.error;

  const choose = (winner: ImportFile) => {
    if (clash.settled) {
      const losers = files.filter(({ id }) => id !== winner.id);
      swap.mutate({ winner, losers });
    } else {
      settle.mutate([winner]);
    }
  };

  if (clash.settled && !again) {
    return (
      <article className={classes.settled} aria-label={name}>
        <IconCheck size={17} stroke={2} aria-hidden />
        <p role="status">
          <strong className="mono">{name}</strong> {clash.settled}
        </p>
        {!deleted && files.length > 1 && (
          <Button size="xs" onClick={() => setAgain(true)}>
            Choose again
          </Button>
        )}
      </article>
    );
  }
  return (
    <article className={classes.card} aria-label={name}>
      <header className={classes.head}>
        <h3 className="mono">{name}</h3>
        <p>
          {deleted
            ? 'A deleted agent holds this name for ever. Give the file another name, or skip it.'
            : `${plural(files.length, 'different file')} want this name. Which one gets it?`}
        </p>
      </header>
      <ul className={classes.sides}>
        {files.map((file) => (
          <li key={file.id} className={classes.side}>
            <Side file={file} />
            {renaming !== file.id && (
              <div className={classes.actions}>
                {!deleted && (
                  <Button
                    onClick={() => choose(file)}
                    disabled={busy}
                    loading={settle.isPending && settle.variables[0]?.id === file.id}
                    aria-label={`Take ${file.path}`}
                  >
                    Take this one
                  </Button>
                )}
                {!clash.settled && (
                  <Button
                    variant="subtle"
                    disabled={busy}
                    onClick={() => setRenaming(file.id)}
                    aria-label={`Rename ${file.path}`}
                  >
                    Give it another name
                  </Button>
                )}
              </div>
            )}
            {renaming === file.id && (
              <ClashRename
                of={of}
                file={file}
                onDone={(given) => {
                  setRenaming(null);
                  if (given) {
                    onSettled(
                      files.length > 2
                        ? `${file.path} becomes ${given}.`
                        : `${file.path} becomes ${given}; both are taken.`,
                    );
                  }
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {error && (
        <p role="alert" className={classes.error}>
          {describe(error)}
        </p>
      )}
      <div className={classes.foot}>
        {files.length > 1 && (
          <Button size="xs" aria-expanded={diff} onClick={() => setDiff(!diff)}>
            {diff ? 'Hide the differences' : 'Show the differences'}
          </Button>
        )}
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          disabled={busy}
          onClick={() =>
            skip.mutate({ decision: 'skip', ids: files.map(({ id }) => id) })
          }
        >
          {files.length === 2 ? 'Skip both' : files.length === 1 ? 'Skip' : 'Skip all'}
        </Button>
      </div>
      {diff && files.length > 1 && (
        <Suspense fallback={<TextSkeleton lines={10} />}>
          <ClashDiff of={of} files={files} />
        </Suspense>
      )}
    </article>
  );
}

function othersOf(files: readonly ImportFile[], winner: ImportFile): string {
  const others = files.filter(({ id }) => id !== winner.id);
  return others.length === 1
    ? `${others[0]?.path} is`
    : `${plural(others.length, 'other')} are`;
}

function Side({ file }: { file: ImportFile }) {
  return (
    <>
      <p className={`mono ${classes.path}`}>{file.path}</p>
      <p className={classes.description}>{file.description}</p>
      <p className={classes.facts}>
        <HealthDot health={file.health} withText />
        <TokenCount value={file.description_tokens} />
        <span>{plural(file.examples, 'example')}</span>
        <span>{bytes(file.size)}</span>
      </p>
      {file.strict_yaml_ok === false && (
        <p className={classes.note}>Not valid YAML; it would be taken repaired.</p>
      )}
    </>
  );
}
