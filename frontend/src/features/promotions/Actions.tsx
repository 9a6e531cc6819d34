import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { PromotionDetail } from '@/api/types';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import {
  changeNumber,
  type Decision,
  decide,
  refreshPromotions,
  withdraw,
} from './changes';
import classes from './promotion.module.css';

type Step = Decision | 'withdraw';

const steps: Record<Step, { word: string; done: string }> = {
  approve: { word: 'Approve', done: 'You approved it' },
  object: { word: 'Object', done: 'You objected to it' },
  apply: { word: 'Apply', done: 'The label moved' },
  withdraw: { word: 'Withdraw', done: 'You withdrew it' },
};

/** What this person can do now; what they cannot says why. */
export function Actions({ promotion }: { promotion: PromotionDetail }) {
  const take = useStep(promotion);
  if (promotion.state !== 'open') return null;
  const { permissions } = promotion;
  const reasons = reasonsOf(promotion);
  const button = (step: Step, look: { variant?: string } = {}) => (
    <Button
      {...look}
      disabled={!permissions[step].allowed}
      aria-describedby={permissions[step].allowed ? undefined : 'reasons'}
      loading={take.isPending && take.variables === step}
      onClick={() => take.mutate(step)}
    >
      {steps[step].word}
    </Button>
  );
  return (
    <section aria-label="Actions" className={classes.actions}>
      {button('apply', { variant: 'filled' })}
      <div className={classes.pair}>
        {button('approve')}
        {button('object')}
      </div>
      {permissions.withdraw.allowed && button('withdraw')}
      <FormError error={take.error} />
      {reasons.length > 0 && (
        <ul
          id="reasons"
          className={classes.reasons}
          aria-label="What stands in the way"
        >
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {permissions.change.allowed && !promotion.is_rollback && (
        <OtherRevision promotion={promotion} />
      )}
    </section>
  );
}

/** Each reason once, those of applying one by one. */
export function reasonsOf({ blockers, permissions }: PromotionDetail): string[] {
  const { apply, approve } = permissions;
  const found = blockers.map(({ detail }) => detail);
  const joined = found.join(' ');
  for (const { reason } of [apply, approve]) {
    if (reason && reason !== joined) found.push(reason);
  }
  return [...new Set(found)];
}

/** When somebody was quicker, it is read again, so that the next try starts from what is. */
function useStep(promotion: PromotionDetail) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (step: Step) =>
      step === 'withdraw' ? withdraw(promotion) : decide(promotion, step),
    meta: { quiet: true },
    onSuccess: async (_, step) => {
      await refreshPromotions(client);
      toastDone(steps[step].done);
    },
    onError: async (error) => {
      if (isProblem(error)) await refreshPromotions(client);
    },
  });
}

function OtherRevision({ promotion }: { promotion: PromotionDetail }) {
  const client = useQueryClient();
  const [text, setText] = useState(String(promotion.number));
  const number = Number(text);
  const change = useMutation({
    mutationFn: () => changeNumber(promotion, number),
    meta: { quiet: true },
    onSuccess: async () => {
      await refreshPromotions(client);
      toastDone(`It is about revision ${number} now`);
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <TextInput
        type="number"
        min={1}
        label="Another revision"
        description="All approvals lapse."
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <FormError error={change.error} />
      <Button
        type="submit"
        disabled={!(number >= 1) || number === promotion.number}
        loading={change.isPending}
      >
        Change revision
      </Button>
    </form>
  );
}
