import { useQuery } from '@tanstack/react-query';
import { TextSkeleton } from '@/ui/skeletons';
import { nameProposals } from './names';
import { importKeys, takenNames } from './queries';
import { RenameForm } from './RenameForm';
import type { ImportFile, ImportPublic } from './types';
import { nameOf } from './use-decide';

interface ClashRenameProps {
  of: ImportPublic;
  file: ImportFile;
  onDone: (name: string | null) => void;
}

/** Renames one side, beginning with a name that the team does not have yet. */
export function ClashRename({ of, file, onDone }: ClashRenameProps) {
  const proposals = nameProposals(nameOf(file), file.path);
  const taken = useQuery({
    queryKey: [...importKeys.one(of.id), 'taken', file.id],
    queryFn: () => takenNames(of.team.slug, proposals),
    // A proposal is all it is for: without an answer the first will do.
    retry: false,
    meta: { quiet: true },
  });
  if (taken.isPending) return <TextSkeleton lines={2} />;
  const proposal = proposals.find((name) => !taken.data?.has(name));
  return (
    <RenameForm
      of={of}
      file={file}
      onDone={onDone}
      {...(proposal ? { proposal } : {})}
    />
  );
}
