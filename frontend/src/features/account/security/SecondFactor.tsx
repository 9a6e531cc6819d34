import { Button } from '@mantine/core';
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCode } from '@/lib/use-code';
import { ErrorState } from '@/ui/ErrorState';
import { RelativeTime } from '@/ui/facts';
import { TextSkeleton } from '@/ui/skeletons';
import classes from '../account.module.css';
import { factorsQuery } from '../queries';
import { Section } from '../Section';
import type { Factors } from '../types';
import type { FactorTask } from './FactorDialog';

const dialog = () => import('./FactorDialog');

/** So few are left that it is time for new ones. */
const FEW = 3;

export function SecondFactor() {
  const factors = useQuery(factorsQuery);
  const [task, setTask] = useState<FactorTask | null>(null);
  const FactorDialog = useCode(dialog, task !== null);
  return (
    <Section
      title="Second factor"
      about="A code from an app on your phone, asked for after the password. Somebody who learns your password alone stays outside."
    >
      {factors.isPending && <TextSkeleton lines={2} />}
      {factors.error && !factors.data && (
        <ErrorState
          heading="h3"
          error={factors.error}
          onRetry={() => factors.refetch()}
        />
      )}
      {factors.data && <FactorState factors={factors.data} onTask={setTask} />}
      {FactorDialog && <FactorDialog task={task} onClose={() => setTask(null)} />}
    </Section>
  );
}

interface FactorStateProps {
  factors: Factors;
  onTask: (task: FactorTask) => void;
}

function FactorState({ factors, onTask }: FactorStateProps) {
  const { totp_confirmed_at: since, recovery_codes_left: left } = factors;
  if (!since) {
    return (
      <>
        <p className={classes.state}>
          <IconShieldOff size={18} stroke={1.7} aria-hidden />
          <span>Off: your password alone signs you in.</span>
        </p>
        <div className={classes.actions}>
          <Button onClick={() => onTask('set-up')}>Set up</Button>
        </div>
      </>
    );
  }
  return (
    <>
      <p className={classes.state} data-tone="fine">
        <IconShieldCheck size={18} stroke={1.7} aria-hidden />
        <span>
          On, set up <RelativeTime at={since} />.
        </span>
      </p>
      <p className={classes.note} data-tone={left <= FEW ? 'warning' : undefined}>
        {left === 1 ? '1 recovery code is' : `${left} recovery codes are`} left.
        {left <= FEW && ' Make new ones before they run out.'}
      </p>
      <div className={classes.actions}>
        <Button onClick={() => onTask('renew')}>New recovery codes</Button>
        <Button onClick={() => onTask('remove')}>Turn off</Button>
      </div>
    </>
  );
}
