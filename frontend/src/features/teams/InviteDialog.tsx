import { Button, Group, Modal, NativeSelect, Radio, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { instanceQuery } from '@/api/queries';
import type { InvitationCreate, InvitationCreated, Team } from '@/api/types';
import { OneTimeLink } from '@/features/shell/OneTimeLink';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { invite } from './changes';
import { teamKeys } from './queries';
import classes from './teams.module.css';
import { isRole, roles, rolesIn } from './words';

const days = [
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
];
const optionsIn = (team: Team) =>
  rolesIn(team).map((role) => ({
    value: role,
    label: `${roles[role].word}: ${roles[role].may}`,
  }));

interface InviteDialogProps {
  team: Team | null;
  to: string;
  onClose: () => void;
}

/** By mail or by link; a link is shown here once, and never again. */
export default function InviteDialog(props: InviteDialogProps) {
  const [made, setMade] = useState<InvitationCreated | null>(null);
  const { onClose, to } = props;
  if (made?.link) {
    return (
      <Modal opened onClose={onClose} title={`Invitation to ${to}`} centered>
        <OneTimeLink
          link={made.link}
          what="invitation link"
          hint={
            made.email
              ? `Mail is not set up here: hand it to ${made.email} yourself.`
              : 'Whoever opens it first can take it up.'
          }
          onDone={onClose}
        />
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={`Invite to ${to}`} centered>
      <InviteForm
        {...props}
        onMade={(invitation) => {
          if (invitation.link) setMade(invitation);
          else {
            toastDone(`Invitation mailed to ${invitation.email}`);
            onClose();
          }
        }}
      />
    </Modal>
  );
}

function InviteForm({
  team,
  onClose,
  onMade,
}: InviteDialogProps & { onMade: (made: InvitationCreated) => void }) {
  const client = useQueryClient();
  const slug = team?.slug ?? null;
  const { data: instance } = useQuery(instanceQuery);
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: { by: 'mail', email: '', role: 'viewer', expires_in_days: '7' },
    validate: {
      email: (value, { by }) =>
        by === 'link' || /^\S+@\S+\.\S+$/.test(value.trim())
          ? null
          : 'Enter an e-mail address',
    },
  });
  const { by, role, email, expires_in_days } = form.values;
  const make = useMutation({
    mutationFn: (invitation: InvitationCreate) => invite(slug, invitation),
    meta: { quiet: true },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: teamKeys.invitations(slug) });
      onMade(made);
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  const send = () => {
    setUnplaced(null);
    make.mutate({
      role: isRole(role) ? role : 'viewer',
      email: by === 'mail' ? email.trim() : null,
      expires_in_days: Number(expires_in_days),
    });
  };
  return (
    <form className={classes.form} noValidate onSubmit={form.onSubmit(send)}>
      <FormError error={unplaced} />
      <Radio.Group label="How" {...form.getInputProps('by')}>
        <Group gap="lg" mt={6}>
          <Radio size="sm" value="mail" label="By mail" />
          <Radio size="sm" value="link" label="By a link to hand over" />
        </Group>
      </Radio.Group>
      {by === 'mail' && (
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="off"
          data-autofocus
          description={
            instance && !instance.mail
              ? 'Mail is not set up here: you get a link to hand over.'
              : undefined
          }
          {...form.getInputProps('email')}
        />
      )}
      {team !== null && (
        <NativeSelect
          label="Role"
          data={optionsIn(team)}
          {...form.getInputProps('role')}
        />
      )}
      <NativeSelect
        label="Expires after"
        data={days}
        {...form.getInputProps('expires_in_days')}
      />
      <Group justify="flex-end" gap="xs">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={make.isPending}>
          {by === 'mail' ? 'Invite' : 'Make link'}
        </Button>
      </Group>
    </form>
  );
}
