import { Checkbox } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { chooseFiles, chooseGroup, dropFiles, dropGroup, isChosen } from './chosen';
import type { Choice } from './FileGroup';
import classes from './imports.module.css';
import { type FileFilter, readAll } from './queries';
import type { ImportFile, ImportOutcome, ImportPublic } from './types';
import { count } from './wording';

/** As many as one request names. */
const MOST = 5000;

interface ChooseGroupProps extends Choice {
  of: ImportPublic;
  filter: FileFilter;
  /** The group, where all of it is shown; null: only what the filter leaves. */
  outcome: ImportOutcome | null;
  files: readonly ImportFile[];
  total: number;
}

/** One box for all files that are shown, also for those further down. */
export function ChooseGroup(props: ChooseGroupProps) {
  const { of, filter, outcome, files, total, chosen, onChoose } = props;
  const shown = files.filter((file) => isChosen(chosen, file)).length;
  const all = shown === files.length;
  const read = useMutation({
    mutationFn: () => readAll(of.id, filter),
    onSuccess: (every) => onChoose(chooseFiles(chosen, every)),
  });
  const choose = () => {
    if (all) {
      const ids = files.map(({ id }) => id);
      onChoose(outcome === null ? dropFiles(chosen, ids) : dropGroup(chosen, outcome));
    } else if (outcome !== null) {
      onChoose(chooseGroup(chosen, outcome));
    } else if (files.length >= total) {
      onChoose(chooseFiles(chosen, files));
    } else {
      read.mutate();
    }
  };
  if (total < 2 || (outcome === null && total > MOST)) return null;
  return (
    <Checkbox
      className={classes.chooseAll ?? ''}
      size="sm"
      checked={all}
      indeterminate={shown > 0 && !all}
      disabled={read.isPending}
      onChange={choose}
      label={`Select all ${count(total)} to apply them apart from the rest`}
    />
  );
}
