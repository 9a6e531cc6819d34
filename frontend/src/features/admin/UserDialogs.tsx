import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { loadUser } from '@/api/session';
import type { UserAdmin } from '@/api/types';
import { ConfirmError } from '@/features/shell/ConfirmError';
import NamedConfirm from '@/features/shell/NamedConfirm';
import { OneTimeLink } from '@/features/shell/OneTimeLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastDone } from '@/ui/toast';
import { refreshUsers, removeFactors, resetUser, updateUserAdmin } from './changes';
import type { UserQuestion } from './UserActions';
import { TeamLinks } from './UserPage';

interface UserDialogsProps {
  user: UserAdmin;
  self: boolean;
  question: UserQuestion;
  onClose: () => void;
}

/** Asks before something is done with an account, and does it. */
export default function UserDialogs(props: UserDialogsProps) {
  if (props.question === 'deactivate') return <Deactivate {...props} />;
  if (props.question === 'reset') return <Reset {...props} />;
  return <Simple {...props} question={props.question} />;
}

function Deactivate({ user, onClose }: UserDialogsProps) {
  const client = useQueryClient();
  const { username, sole_owner_of } = user;
  const change = useMutation({
    mutationFn: () => updateUserAdmin(user, { is_active: false }),
    meta: { quiet: true },
    onSuccess: async () => {
      await refreshUsers(client);
      onClose();
      toastDone(`Deactivated ${username}`);
    },
  });
  return (
    <NamedConfirm
      title={`Deactivate ${user.display_name || username}?`}
      name={username}
      confirm="Deactivate"
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      <ul>
        <li>All their sessions and API tokens end at once.</li>
        <li>What they made and published stays, under their name.</li>
        <li>Invitations that they handed out are revoked.</li>
        <li>Their teams keep them as a member, and their user name stays taken.</li>
      </ul>
      {sole_owner_of.length > 0 && (
        <>
          <p>These teams are then without an owner who can sign in:</p>
          <TeamLinks teams={sole_owner_of} />
          <p>As an administrator you can take ownership on a team's page.</p>
        </>
      )}
    </NamedConfirm>
  );
}

function Reset({ user, onClose }: UserDialogsProps) {
  const client = useQueryClient();
  const [link, setLink] = useState<string | null>(null);
  const name = user.display_name || user.username;
  const make = useMutation({
    mutationFn: () => resetUser(user),
    meta: { quiet: true },
    onSuccess: async (made) => {
      await refreshUsers(client);
      setLink(made.link);
    },
  });
  if (link) {
    return (
      <Modal opened onClose={onClose} title={`Reset link for ${name}`} centered>
        <OneTimeLink
          link={link}
          what="reset link"
          hint={`Whoever opens it becomes ${name}: hand it over safely.`}
          onDone={onClose}
        />
      </Modal>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={`Make a reset link for ${name}?`}
      confirm="Make reset link"
      busy={make.isPending}
      onConfirm={() => make.mutate()}
      onClose={onClose}
    >
      It sets a new password, once, and is shown to you now; links made before stop
      working. Another one goes to {name} by mail. Both work for an hour, and it stands
      in the audit log.
      <ConfirmError error={make.error} />
    </ConfirmDialog>
  );
}

interface Words {
  title: string;
  text: ReactNode;
  confirm: string;
  done: string;
}

function Simple({
  user,
  self,
  question,
  onClose,
}: UserDialogsProps & { question: 'promote' | 'demote' | 'factors' }) {
  const client = useQueryClient();
  const { title, text, confirm, done } = wordsOf(question, user, self);
  const change = useMutation({
    mutationFn: async () => {
      if (question === 'factors') await removeFactors(user);
      else await updateUserAdmin(user, { is_admin: question === 'promote' });
    },
    meta: { quiet: true },
    onSuccess: async () => {
      // These pages close for somebody who gave up administration.
      if (self) await loadUser();
      if (!(self && question === 'demote')) await refreshUsers(client);
      onClose();
      toastDone(done);
    },
  });
  return (
    <ConfirmDialog
      opened
      danger={question !== 'promote'}
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

function wordsOf(
  question: 'promote' | 'demote' | 'factors',
  user: UserAdmin,
  self: boolean,
): Words {
  const name = user.display_name || user.username;
  if (question === 'promote') {
    return {
      title: `Make ${name} an administrator?`,
      text: `${name} can then do all that you can do here, also take this away from you.`,
      confirm: 'Make administrator',
      done: `${user.username} is an administrator now`,
    };
  }
  if (question === 'demote') {
    return {
      title: self
        ? 'Give up administration?'
        : `Take administration away from ${name}?`,
      text: self
        ? 'You lose these pages at once. Only another administrator can give them back.'
        : `${name} loses these pages at once, and keeps teams and roles.`,
      confirm: self ? 'Give up administration' : 'Take it away',
      done: `${user.username} is no administrator any more`,
    };
  }
  return {
    title: `Remove the second factor of ${name}?`,
    text: `The password alone is then enough to sign in, and teams that ask for a second factor are locked for ${name}. It stands in the audit log.`,
    confirm: 'Remove second factor',
    done: `Removed the second factor of ${user.username}`,
  };
}
