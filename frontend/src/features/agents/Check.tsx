import { type ComponentPropsWithRef, useEffect, useRef } from 'react';
import classes from './check.module.css';

interface CheckProps extends Omit<ComponentPropsWithRef<'input'>, 'type' | 'ref'> {
  /** Some, not all, of what it stands for. */
  partly?: boolean;
}

/** A plain checkbox: small enough for hundreds of rows. */
export function Check({ partly = false, className, ...props }: CheckProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = partly;
  }, [partly]);
  return (
    <input
      {...props}
      ref={input}
      type="checkbox"
      className={className ? `${classes.check} ${className}` : classes.check}
    />
  );
}
