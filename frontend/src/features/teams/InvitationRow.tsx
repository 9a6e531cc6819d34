import { ActionIcon } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockOff,
  IconX,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Invitation } from '@/api/types';
import { ConfirmError } from '@/features/shell/ConfirmError';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { RelativeTime } from '@/ui/facts';
import { toastDone } from '@/ui/toast';
import { revokeInvitation } from './changes';
import { teamKeys } from './queries';
import classes from './teams.module.css';
import { roles } from './words';

const states = {
  open: { icon: IconCircleDashed, word: 'Open' },
  accepted: { icon: IconCircleCheck, word: 'Accepted' },
  revoked: { icon: IconCircleX, word: 'Revoked' },
  expired: { icon: IconClockOff, word: 'Expired' },
} as const satisfies Record<Invitation['state'], unknown>;

interface InvitationRowProps {
  invitation: Invitation;
  team: string | null;
  to: string;
}

export function InvitationRow({ invitation, team, to }: InvitationRowProps) {
  const client = useQueryClient();
  const { email, state, invited_by, accepted_by } = invitation;
  const [asked, setAsked] = useState(false);
  const reread = () =>
    client.invalidateQueries({ queryKey: teamKeys.invitations(team) });
  const revoke = useMutation({
    mutationFn: () => revokeInvitation(team, invitation.id),
    meta: { quiet: true },
    onSuccess: async () => {
      await reread();
      setAsked(false);
      toastDone('Invitation revoked');
    },
    onError: reread,
  });
  const { icon: Icon, word } = states[state];
  const whom = email ?? 'whoever has the link';
  return (
    <tr>
      <th scope="row" className={classes.person}>
        {email ?? <span className="muted">Whoever has the link</span>}
      </th>
      {team !== null && <td>{roles[invitation.role].word}</td>}
      <td>
        <span className={classes.state} data-state={state}>
          <Icon size={15} stroke={1.7} aria-hidden />
          <span>
            {word}
            {accepted_by && ` by ${accepted_by.display_name || accepted_by.username}`}
            {state === 'open' && (
              <span className="muted">
                , expires <RelativeTime at={invitation.expires_at} />
              </span>
            )}
          </span>
        </span>
      </td>
      <td className={classes.wideOnly}>
        {invited_by ? invited_by.display_name || invited_by.username : 'Somebody'}{' '}
        <span className="muted">
          <RelativeTime at={invitation.created_at} />
        </span>
      </td>
      <td className={classes.actionCell}>
        {state === 'open' && (
          <ActionIcon
            aria-label={`Revoke the invitation for ${whom}`}
            title="Revoke"
            onClick={() => setAsked(true)}
          >
            <IconX size={16} stroke={1.7} />
          </ActionIcon>
        )}
        <ConfirmDialog
          opened={asked}
          danger
          title={`Revoke the invitation for ${whom}?`}
          confirm="Revoke invitation"
          busy={revoke.isPending}
          onConfirm={() => revoke.mutate()}
          onClose={() => setAsked(false)}
        >
          Its link leads nowhere then. You can invite to {to} again at any time.
          <ConfirmError error={revoke.error} />
        </ConfirmDialog>
      </td>
    </tr>
  );
}
