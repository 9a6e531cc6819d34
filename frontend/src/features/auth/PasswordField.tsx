import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { PasswordMeter } from './PasswordMeter';
import { PASSWORD_RULES } from './password-strength';

interface PasswordFieldProps extends PasswordInputProps {
  label: ReactNode;
  /** What stands in the field now, for the meter. */
  typed: string;
  invalid: boolean;
}

/** A password to be chosen: the rules before, the meter while it is typed. */
export function PasswordField({ typed, invalid, ...input }: PasswordFieldProps) {
  return (
    <div>
      <PasswordInput
        description={PASSWORD_RULES}
        autoComplete="new-password"
        aria-invalid={invalid}
        visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        {...input}
      />
      <PasswordMeter value={typed} />
    </div>
  );
}
