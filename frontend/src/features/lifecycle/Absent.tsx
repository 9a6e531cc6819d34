import { IconMapQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Kind } from '@/features/kinds/kinds';
import { EmptyState } from '@/ui/EmptyState';
import { ButtonLink } from '@/ui/links';
import { TextSkeleton } from '@/ui/skeletons';
import { resolveQuery } from './queries';
import { TombstonePage } from './ResolvePage';

interface AbsentProps {
  kind: Kind;
  team: string;
  name: string;
}

/** Where a component is not: its tombstone, or nothing that anybody could tell. */
export default function Absent({ kind, team, name }: AbsentProps) {
  const found = useQuery(resolveQuery(`${kind.name}:${team}/${name}`));
  if (found.isPending) return <TextSkeleton lines={6} />;
  if (found.data?.tombstone) return <TombstonePage resolved={found.data} />;
  return (
    <EmptyState
      heading="h1"
      icon={IconMapQuestion}
      title={`There is no ${kind.label.toLowerCase()} ${team}/${name}`}
      action={
        <ButtonLink to="/$plural" params={{ plural: kind.plural }}>
          Go to {kind.labels.toLowerCase()}
        </ButtonLink>
      }
    >
      It may never have been there, or you may not be allowed to see it: both look the
      same from here.
    </EmptyState>
  );
}
