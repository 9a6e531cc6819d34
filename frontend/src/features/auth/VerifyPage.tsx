import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { loadUser, restore } from '@/api/session';
import { useSession } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { ButtonLink } from '@/ui/links';
import { AuthCard } from './AuthCard';
import classes from './auth.module.css';
import { SubmitButton } from './SubmitButton';

interface VerifyPageProps {
  token: string | null;
  onDone: () => void;
}

/** Asks before it uses the link: mail servers open links to look at them. */
export function VerifyPage({ token, onDone }: VerifyPageProps) {
  const session = useSession();
  const verify = useMutation({
    mutationFn: async (secret: string) => {
      const proved = await unwrap(
        api.POST('/api/v1/auth/verify-email', { body: { token: secret } }),
      );
      // Somebody who is signed in here sees the new address at once.
      if ((await restore()).status === 'signed-in') await loadUser();
      return proved;
    },
    meta: { quiet: true },
    onSuccess: onDone,
  });
  if (verify.data) {
    return (
      <AuthCard title="Your address is confirmed">
        <p className={classes.text}>
          Thank you, <strong>{verify.data.username}</strong>.
        </p>
        <div className={classes.ways}>
          {session.status === 'signed-in' ? (
            <ButtonLink to="/" variant="filled" size="md">
              Go on
            </ButtonLink>
          ) : (
            <ButtonLink to="/sign-in" variant="filled" size="md">
              Sign in
            </ButtonLink>
          )}
        </div>
      </AuthCard>
    );
  }
  if (!token) {
    return (
      <AuthCard title="Open the link in the mail">
        <p className={classes.text}>
          This page needs the whole link that was mailed to you. Open it once more;
          another one can be sent from your account.
        </p>
        <div className={classes.ways}>
          <ButtonLink to="/account">Go to your account</ButtonLink>
        </div>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="Confirm your address"
      lead="You come from a mail that was sent to it."
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          verify.mutate(token);
        }}
      >
        <FormError error={verify.error} />
        <SubmitButton error={verify.error} busy={verify.isPending}>
          Confirm address
        </SubmitButton>
      </form>
    </AuthCard>
  );
}
