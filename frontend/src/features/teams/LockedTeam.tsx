import { IconShieldLock } from '@tabler/icons-react';
import type { Team } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ButtonLink } from '@/ui/links';

/** For a member without a second factor, where the team asks for one. */
export function LockedTeam({ team }: { team: Team }) {
  return (
    <EmptyState
      icon={IconShieldLock}
      title={`${team.name} asks for a second factor`}
      action={
        <ButtonLink to="/account/security" variant="filled">
          Set up a second factor
        </ButtonLink>
      }
    >
      You are a member, but its owners decided that only people with a second factor
      reach what is in it. It opens as soon as you have set one up.
    </EmptyState>
  );
}
