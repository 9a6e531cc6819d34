import type { Instance } from '@/api/types';
import classes from './auth.module.css';

/** Where mail goes on an instance that has no mail server. */
export function MailHint({ instance }: { instance: Pick<Instance, 'mail'> }) {
  if (instance.mail) return null;
  return (
    <p className={classes.text}>
      This instance sends no mail yet: whoever runs it finds the mail in its{' '}
      <span className="mono">outbox</span> folder.
    </p>
  );
}
