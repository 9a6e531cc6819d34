import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toastDone } from '@/ui/toast';
import { removeTotp, renewRecoveryCodes, startTotp } from '../changes';
import { PasswordStep } from '../PasswordStep';
import { accountKeys } from '../queries';
import { TaskModal } from '../TaskModal';
import type { TotpSetup } from '../types';
import { ConfirmFactor } from './ConfirmFactor';
import { RecoveryCodes } from './RecoveryCodes';

export type FactorTask = 'set-up' | 'renew' | 'remove';

const titles: Record<FactorTask, string> = {
  'set-up': 'Set up a second factor',
  renew: 'New recovery codes',
  remove: 'Turn off the second factor?',
};

interface FactorDialogProps {
  task: FactorTask | null;
  onClose: () => void;
}

/** Stays while it closes, so that the focus goes back to where it came from. */
export default function FactorDialog({ task, onClose }: FactorDialogProps) {
  const [last, setLast] = useState<FactorTask>('set-up');
  const [codes, setCodes] = useState<string[] | null>(null);
  if (task && task !== last) setLast(task);
  const close = () => {
    setCodes(null);
    onClose();
  };
  return (
    <TaskModal
      opened={task !== null}
      onClose={close}
      title={codes ? 'Keep your recovery codes' : titles[last]}
      once={codes !== null}
    >
      {codes && <RecoveryCodes codes={codes} onDone={close} />}
      {!codes && last === 'set-up' && <SetUp onCodes={setCodes} onClose={close} />}
      {!codes && last === 'renew' && <Renew onCodes={setCodes} onClose={close} />}
      {!codes && last === 'remove' && <Remove onClose={close} />}
    </TaskModal>
  );
}

interface StepProps {
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}

function SetUp({ onCodes, onClose }: StepProps) {
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const start = useMutation({
    mutationFn: startTotp,
    // What is shown once stays no longer than what shows it.
    gcTime: 0,
    meta: { quiet: true },
    onSuccess: setSetup,
  });
  if (setup) return <ConfirmFactor setup={setup} onCodes={onCodes} onClose={onClose} />;
  return (
    <PasswordStep
      submit="Go on"
      error={start.error}
      busy={start.isPending}
      onSubmit={start.mutate}
      onClose={onClose}
    >
      You need an authenticator app on your phone or computer. First, show that it is
      you.
    </PasswordStep>
  );
}

function Renew({ onCodes, onClose }: StepProps) {
  const client = useQueryClient();
  const renew = useMutation({
    mutationFn: renewRecoveryCodes,
    gcTime: 0,
    meta: { quiet: true },
    onSuccess: ({ recovery_codes }) => {
      onCodes(recovery_codes);
      return client.invalidateQueries({ queryKey: accountKeys.factors });
    },
  });
  return (
    <PasswordStep
      submit="Make new codes"
      error={renew.error}
      busy={renew.isPending}
      onSubmit={renew.mutate}
      onClose={onClose}
    >
      The codes that you have stop working at once.
    </PasswordStep>
  );
}

function Remove({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: removeTotp,
    meta: { quiet: true },
    onSuccess: async () => {
      toastDone('The second factor is off');
      onClose();
      await client.invalidateQueries({ queryKey: accountKeys.factors });
    },
  });
  return (
    <PasswordStep
      submit="Turn off"
      danger
      error={remove.error}
      busy={remove.isPending}
      onSubmit={remove.mutate}
      onClose={onClose}
    >
      Your password alone signs you in from then on, your recovery codes are gone, and
      teams that require a second factor close to you.
    </PasswordStep>
  );
}
