import { useQuery } from '@tanstack/react-query';
import { FileChoices } from './FileChoices';
import { mergeQuery } from './queries';

interface FileClashesProps {
  component: string;
  /** Paths of which theirs is taken. */
  theirs: readonly string[];
  onTheirs: (paths: string[]) => void;
}

/** The other files that a draft and the newest revision both changed. */
export default function FileClashes({ component, ...choice }: FileClashesProps) {
  const merge = useQuery(mergeQuery(component));
  return (
    <FileChoices
      {...choice}
      files={merge.data?.files.filter(({ side }) => side == null) ?? []}
      about="You both changed these files. The other one can still be read in its revision."
    />
  );
}
