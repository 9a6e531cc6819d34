import { Button } from '@mantine/core';
import { IconShieldExclamation } from '@tabler/icons-react';
import { useState } from 'react';
import { toastDone } from '@/ui/toast';
import { LeakRow } from './LeakRow';
import classes from './panels.module.css';
import type { ImportFile, ImportPublic } from './types';
import { useDecideMany, useMoveSecrets } from './use-decide';
import { plural } from './wording';

const HELPING = 10;

interface LeakPanelProps {
  of: ImportPublic;
  /** Files in which something looks like a secret, and nobody has decided. */
  files: readonly ImportFile[];
}

/** What would leak, before anything is stored. What is decided leaves the list. */
export function LeakPanel({ of, files }: LeakPanelProps) {
  const [shown, setShown] = useState(HELPING);
  const many = useDecideMany(of.id);
  const servers = files.filter(({ kind }) => kind === 'server');
  const ids = (some: readonly ImportFile[]) => some.map(({ id }) => id);
  const move = useMoveSecrets(of.id);
  const busy = many.isPending || move.isPending;
  const keep = () =>
    many.mutate(
      { secrets: 'keep', ids: ids(files) },
      {
        onSuccess: ({ updated }) =>
          toastDone(`${plural(updated, 'file')} kept as they are`),
      },
    );
  const skip = () =>
    many.mutate(
      { decision: 'skip', ids: ids(files) },
      { onSuccess: ({ updated }) => toastDone(`${plural(updated, 'file')} skipped`) },
    );
  if (files.length === 0) return null;
  return (
    <section aria-labelledby="leaks" className={classes.leaks}>
      <header className={classes.leakHead}>
        <IconShieldExclamation size={20} stroke={1.6} aria-hidden />
        <div>
          <h2 id="leaks">
            Before anything is stored: {plural(files.length, 'file')}{' '}
            {files.length === 1 ? 'holds' : 'hold'} what looks like a secret
          </h2>
          <p>
            A revision is kept for ever and read by everyone who may read the component.
            Say for each file what is to become of it.
          </p>
        </div>
      </header>
      <ul className={classes.leakList}>
        {files.slice(0, shown).map((file) => (
          <LeakRow key={file.id} of={of} file={file} />
        ))}
      </ul>
      <div className={classes.leakFoot}>
        {files.length > shown && (
          <Button size="xs" variant="subtle" onClick={() => setShown(shown + HELPING)}>
            Show more of {plural(files.length, 'file')}
          </Button>
        )}
        {files.length > 1 && (
          <fieldset className={classes.leakBulk} disabled={busy}>
            <legend>All {files.length} files with what looks like a secret</legend>
            {servers.length > 1 && (
              <Button
                size="xs"
                loading={move.isPending}
                onClick={() => move.mutate(servers)}
              >
                Move all of the {servers.length} servers into the store
              </Button>
            )}
            <Button size="xs" onClick={skip}>
              Skip all {files.length}
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={keep}>
              Keep all {files.length} as they are
            </Button>
          </fieldset>
        )}
      </div>
    </section>
  );
}
