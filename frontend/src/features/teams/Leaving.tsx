import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Member, Role, Team } from '@/api/types';
import { ConfirmError } from '@/features/shell/ConfirmError';
import { useUser } from '@/lib/use-session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastDone } from '@/ui/toast';
import { refreshTeams, removeMember, setMember } from './changes';
import { roles } from './words';

export type Question = 'leave' | 'remove' | { stepDown: Role };

interface LeavingProps {
  team: Team;
  member: Member;
  question: Question;
  onClose: () => void;
}

/** Asks before a membership ends, or before an owner gives up the role. */
export function Leaving({ team, member, question, onClose }: LeavingProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const admin = useUser()?.is_admin ?? false;
  const { username, display_name } = member.user;
  const name = display_name || username;
  const change = useMutation({
    mutationFn: async () => {
      if (typeof question === 'object') {
        await setMember(team.slug, username, question.stepDown);
      } else await removeMember(team.slug, username);
    },
    meta: { quiet: true },
    onSuccess: async () => {
      if (question === 'leave' && !admin) await navigate({ to: '/teams' });
      await refreshTeams(client);
      onClose();
      if (question === 'leave') toastDone(`You left ${team.name}`);
      if (question === 'remove') toastDone(`Removed ${name} from ${team.name}`);
    },
  });
  const { title, text, confirm } = wordsOf(question, team, name);
  return (
    <ConfirmDialog
      opened
      danger
      title={title}
      confirm={confirm}
      busy={change.isPending}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      {text}
      <ConfirmError error={change.error} />
    </ConfirmDialog>
  );
}

function wordsOf(question: Question, team: Team, name: string) {
  if (question === 'leave') {
    return {
      title: `Leave ${team.name}?`,
      text: 'You no longer see what is private to it. What you published in it stays. Only an owner can let you in again.',
      confirm: 'Leave team',
    };
  }
  if (question === 'remove') {
    return {
      title: `Remove ${name} from ${team.name}?`,
      text: `${name} no longer sees what is private to it, at once. What they published in it stays.`,
      confirm: 'Remove member',
    };
  }
  const word = roles[question.stepDown].word.toLowerCase();
  return {
    title: `Give up ownership of ${team.name}?`,
    text: `You become ${word === 'editor' ? 'an editor' : 'a viewer'}: members, settings and visibility are then for the other owners alone.`,
    confirm: 'Give up ownership',
  };
}
