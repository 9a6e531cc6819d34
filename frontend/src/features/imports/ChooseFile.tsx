import { Checkbox } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { chooseFiles, dropFiles, dropGroup, isChosen } from './chosen';
import type { Choice } from './FileGroup';
import { readAll } from './queries';
import type { ImportFile, ImportPublic } from './types';

interface ChooseFileProps {
  of: ImportPublic;
  file: ImportFile;
  choice: Choice;
}

/** Takes a file into what is applied next, or out of it again. */
export function ChooseFile({ of, file, choice }: ChooseFileProps) {
  const { chosen, onChoose } = choice;
  const { id, outcome } = file;
  // All but one of a group are named one by one.
  const others = useMutation({
    mutationFn: () => readAll(of.id, { outcome: [outcome], result: 'open' }),
    onSuccess: (files) =>
      onChoose(
        chooseFiles(
          dropGroup(chosen, outcome),
          files.filter((one) => one.id !== id),
        ),
      ),
  });
  const toggle = () => {
    if (!isChosen(chosen, file)) onChoose(chooseFiles(chosen, [file]));
    else if (chosen.groups.has(outcome)) others.mutate();
    else onChoose(dropFiles(chosen, [id]));
  };
  return (
    <Checkbox
      size="sm"
      aria-label={`Select ${file.path}`}
      checked={isChosen(chosen, file)}
      disabled={others.isPending}
      onChange={toggle}
    />
  );
}
