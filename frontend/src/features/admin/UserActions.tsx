import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { UserAdmin } from '@/api/types';
import { useUser } from '@/lib/use-session';
import { toastDone } from '@/ui/toast';
import classes from './admin.module.css';
import { refreshUsers, updateUserAdmin } from './changes';

const UserDialogs = lazy(() => import('./UserDialogs'));

export type UserQuestion = 'promote' | 'demote' | 'deactivate' | 'reset' | 'factors';

/** What can be done with this account, as it is now. */
export function UserActions({ user }: { user: UserAdmin }) {
  const client = useQueryClient();
  const self = useUser()?.id === user.id;
  const [question, setQuestion] = useState<UserQuestion | null>(null);
  const reactivate = useMutation({
    mutationFn: () => updateUserAdmin(user, { is_active: true }),
    onSuccess: async () => {
      await refreshUsers(client);
      toastDone(`${user.username} is active again`);
    },
  });
  return (
    <>
      <ul className={classes.actions}>
        {user.is_active && !self && (
          <Action
            title="Password"
            text="A link that sets a new password, once. It ends all sessions; a second factor stays on."
          >
            <Button onClick={() => setQuestion('reset')}>Make a reset link</Button>
          </Action>
        )}
        {user.has_second_factor && !self && (
          <Action
            title="Second factor"
            text="For somebody who lost the device and the recovery codes."
          >
            <Button onClick={() => setQuestion('factors')}>Remove second factor</Button>
          </Action>
        )}
        {user.is_active && (
          <Action
            title="Administration"
            text={
              user.is_admin
                ? 'An administrator: sees all users and teams, and decides about this instance.'
                : 'Not an administrator.'
            }
          >
            {user.is_admin ? (
              <Button onClick={() => setQuestion('demote')}>
                {self ? 'Give up administration' : 'Take administration away'}
              </Button>
            ) : (
              <Button onClick={() => setQuestion('promote')}>Make administrator</Button>
            )}
          </Action>
        )}
        {user.is_active ? (
          <Action
            title="Deactivate"
            text="Nobody gets in with this account any more. Nothing is deleted."
          >
            <Button
              className={classes.danger ?? ''}
              onClick={() => setQuestion('deactivate')}
            >
              Deactivate
            </Button>
          </Action>
        ) : (
          <Action
            title="Reactivate"
            text="The account works again, with its teams and roles. Its old sessions and API tokens stay ended."
          >
            <Button
              variant="filled"
              loading={reactivate.isPending}
              onClick={() => reactivate.mutate()}
            >
              Reactivate
            </Button>
          </Action>
        )}
      </ul>
      {question && (
        <Suspense>
          <UserDialogs
            user={user}
            self={self}
            question={question}
            onClose={() => setQuestion(null)}
          />
        </Suspense>
      )}
    </>
  );
}

interface ActionProps {
  title: string;
  text: string;
  children: ReactNode;
}

function Action({ title, text, children }: ActionProps) {
  return (
    <li className={classes.action}>
      <div className={classes.actionText}>
        <h3>{title}</h3>
        <p>{text}</p>
      </div>
      {children}
    </li>
  );
}
