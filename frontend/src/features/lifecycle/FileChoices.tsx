import { SegmentedControl } from '@mantine/core';
import type { DraftMerge } from '@/api/types';
import classes from './lifecycle.module.css';

interface FileChoicesProps {
  /** Files beside the main one that both sides changed. */
  files: DraftMerge['files'];
  /** What there is to know before choosing. */
  about: string;
  /** Paths of which theirs is taken. */
  theirs: readonly string[];
  onTheirs: (paths: string[]) => void;
}

/** One of the two sides stands for each file that both changed. */
export function FileChoices({ files, about, theirs, onTheirs }: FileChoicesProps) {
  if (files.length === 0) return null;
  return (
    <section aria-label="Files that both changed" className={classes.note}>
      <p>{about}</p>
      <ul className={classes.list}>
        {files.map((file) => (
          <li key={file.path} className={classes.row}>
            <span className={`mono ${classes.what}`}>{file.path}</span>
            <SegmentedControl
              aria-label={`Which ${file.path}`}
              value={theirs.includes(file.path) ? 'theirs' : 'mine'}
              onChange={(side) => {
                const others = theirs.filter((path) => path !== file.path);
                onTheirs(side === 'theirs' ? [...others, file.path] : others);
              }}
              data={[
                { value: 'mine', label: file.mine ? 'Yours' : 'Removed by you' },
                { value: 'theirs', label: file.theirs ? 'Theirs' : 'Removed by them' },
              ]}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
