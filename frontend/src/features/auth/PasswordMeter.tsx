import classes from './auth.module.css';
import { passwordStrength } from './password-strength';

export function PasswordMeter({ value }: { value: string }) {
  const { level, word } = passwordStrength(value);
  return (
    <div className={classes.meter}>
      <div className={classes.track} data-level={level} aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={step <= level || undefined} />
        ))}
      </div>
      <span role="status">{word}</span>
    </div>
  );
}
