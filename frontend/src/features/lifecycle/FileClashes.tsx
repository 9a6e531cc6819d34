import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import classes from './lifecycle.module.css';
import { mergeQuery } from './queries';

interface FileClashesProps {
  component: string;
  /** Paths of which theirs is taken. */
  theirs: readonly string[];
  onTheirs: (paths: string[]) => void;
}

/** The other files that both sides changed: one of the two stands for each. */
export default function FileClashes({ component, theirs, onTheirs }: FileClashesProps) {
  const merge = useQuery(mergeQuery(component));
  const files = merge.data?.files.filter(({ side }) => side == null) ?? [];
  if (files.length === 0) return null;
  return (
    <section aria-label="Files that both changed" className={classes.note}>
      <p>
        You both changed these files. The other one can still be read in its revision.
      </p>
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
