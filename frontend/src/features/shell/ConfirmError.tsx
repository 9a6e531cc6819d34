import { FormError } from '@/ui/FormError';
import classes from './confirm.module.css';

/** What stood in the way of what was confirmed, below the question. */
export function ConfirmError({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <div className={classes.error}>
      <FormError error={error} />
    </div>
  );
}
