import { Button } from '@mantine/core';
import { IconCircleCheck, IconMailExclamation } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { UserMe } from '@/api/types';
import { useCountdown } from '@/lib/use-countdown';
import { FormError } from '@/ui/FormError';
import classes from './account.module.css';

/** Whether the address is proved, or another waits to be; the mail can be sent again. */
export function AddressState({ user }: { user: UserMe }) {
  const { email, email_verified, pending_email } = user;
  const resend = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/auth/verify-email/resend')),
    meta: { quiet: true },
  });
  const { error } = resend;
  const wait = useCountdown(isProblem(error) ? error.retryAfter : null, error);
  const proved = email_verified && !pending_email;
  const Icon = proved ? IconCircleCheck : IconMailExclamation;
  return (
    <div className={classes.address} data-proved={proved || undefined}>
      <Icon size={18} stroke={1.7} aria-hidden />
      <div className={classes.addressText}>
        <strong>{pending_email ?? email}</strong>
        {proved && <div>Verified</div>}
        {!proved && !pending_email && (
          <div>Not verified: a link in a mail to it proves that it is yours.</div>
        )}
        {pending_email && (
          <div>
            Waits for its link to be opened. Until then your address is{' '}
            <strong>{email}</strong>.
          </div>
        )}
        {!proved && (
          <div className={classes.addressAction}>
            <Button
              size="xs"
              loading={resend.isPending}
              disabled={wait > 0}
              onClick={() => resend.mutate()}
            >
              {wait > 0 ? `Send the link in ${wait} s` : 'Send the link'}
            </Button>
            <span role="status">{resend.isSuccess && 'The mail is on its way.'}</span>
          </div>
        )}
        {wait === 0 && <FormError error={error} />}
      </div>
    </div>
  );
}
