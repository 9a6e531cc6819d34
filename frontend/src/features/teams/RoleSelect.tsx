import { NativeSelect } from '@mantine/core';
import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query';
import { isProblem } from '@/api/problem';
import type { Member, Page, Role, Team } from '@/api/types';
import { toastError } from '@/ui/toast';
import { refreshTeams, setMember } from './changes';
import { teamKeys } from './queries';
import classes from './teams.module.css';
import { isRole, roles, rolesIn } from './words';

interface RoleSelectProps {
  team: Team;
  member: Member;
  /** Asks first, where an owner is about to give up the role. */
  onStepDown: ((role: Role) => void) | null;
}

/** Another role, at once; taken back when the server refuses it. */
export function RoleSelect({ team, member, onStepDown }: RoleSelectProps) {
  const client = useQueryClient();
  const queryKey = teamKeys.members(team.slug);
  const { username } = member.user;
  const show = (role: Role) =>
    client.setQueryData<InfiniteData<Page<Member>>>(queryKey, (old) =>
      old ? withRole(old, username, role) : old,
    );
  const change = useMutation({
    mutationFn: (role: Role) => setMember(team.slug, username, role),
    meta: { quiet: true },
    onMutate: async (role) => {
      await client.cancelQueries({ queryKey });
      show(role);
    },
    onError: (error) => {
      show(member.role);
      toastError(error);
      if (isProblem(error)) void client.invalidateQueries({ queryKey });
    },
    onSuccess: () => refreshTeams(client),
  });
  return (
    <NativeSelect
      size="xs"
      className={classes.role ?? ''}
      aria-label={`Role of ${member.user.display_name || username}`}
      data={rolesIn(team).map((role) => ({ value: role, label: roles[role].word }))}
      value={member.role}
      onChange={({ currentTarget: { value } }) => {
        if (!isRole(value) || value === member.role) return;
        if (onStepDown) onStepDown(value);
        else change.mutate(value);
      }}
    />
  );
}

function withRole(
  data: InfiniteData<Page<Member>>,
  username: string,
  role: Role,
): InfiniteData<Page<Member>> {
  const pages = data.pages.map((page) => ({
    ...page,
    items: page.items.map((one) =>
      one.user.username === username ? { ...one, role } : one,
    ),
  }));
  return { ...data, pages };
}
