import { TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { isProblem } from '@/api/problem';
import { FormError } from '@/ui/FormError';
import classes from '../auth.module.css';
import { SubmitButton } from '../SubmitButton';
import { isWholeCode, shownCode } from './code';

interface CodeEntryProps {
  /** The one that led nowhere. */
  code: string | null;
  /** Why. */
  error: unknown;
  busy: boolean;
  onCode: (code: string) => void;
}

export function CodeEntry({ code, error, busy, onCode }: CodeEntryProps) {
  const over = isProblem(error, 'code-used') || isProblem(error, 'code-expired');
  const [typed, setTyped] = useState(over ? '' : shownCode(code ?? ''));
  const [tooShort, setTooShort] = useState(false);
  const unknown = isProblem(error, 'not-found') && typed === code;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTooShort(!isWholeCode(typed));
    if (isWholeCode(typed)) onCode(typed);
  };
  const wrong = unknown && 'No device shows this code: compare it letter by letter';
  return (
    <form className={classes.form} noValidate onSubmit={send}>
      {!isProblem(error, 'not-found') && <FormError error={error} />}
      <TextInput
        label="Code"
        description="The eight letters that the device shows."
        placeholder="XXXX-XXXX"
        value={typed}
        onChange={(event) => {
          setTyped(shownCode(event.currentTarget.value));
          setTooShort(false);
        }}
        error={tooShort ? 'Enter all eight letters' : wrong}
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        autoFocus
        classNames={{ input: classes.code ?? '' }}
      />
      <SubmitButton error={error} busy={busy}>
        Continue
      </SubmitButton>
    </form>
  );
}
