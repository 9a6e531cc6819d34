import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState } from '@/ui/EmptyState';
import { AnchorLink } from '@/ui/links';
import { type LoadedTeam, teamQuery } from './queries';

interface OwnersOnlyProps {
  slug: string;
  children: (team: LoadedTeam) => ReactNode;
}

/** A part of a team's pages that is for its owners; others are told so. */
export function OwnersOnly({ slug, children }: OwnersOnlyProps) {
  // The frame around this page has read it.
  const { data: team } = useQuery(teamQuery(slug));
  if (!team) return null;
  if (team.role === 'owner') return children(team);
  return (
    <EmptyState
      icon={IconLock}
      title="This is for owners"
      action={
        <AnchorLink to="/teams/$team" params={{ team: slug }}>
          See who they are
        </AnchorLink>
      }
    >
      Only an owner of {team.name} can open this.
    </EmptyState>
  );
}
