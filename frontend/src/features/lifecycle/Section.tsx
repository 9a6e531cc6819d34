import { Button } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import classes from './lifecycle.module.css';

interface SectionProps {
  title: string;
  /** What it does, and to whom. */
  about: ReactNode;
  children: ReactNode;
}

export function Section({ title, about, children }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2>{title}</h2>
      <p>{about}</p>
      {children}
    </section>
  );
}

interface SettingFormProps {
  onSubmit: () => void;
  submit: string;
  busy: boolean;
  disabled?: boolean;
  danger?: boolean;
  /** Beside the button that sends it. */
  more?: ReactNode;
  children: ReactNode;
}

/** Fields with one quiet button: on this page no change is more important. */
export function SettingForm(props: SettingFormProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!props.busy && !props.disabled) props.onSubmit();
  };
  return (
    <form className={classes.form} onSubmit={send} noValidate>
      {props.children}
      <div className={classes.buttons}>
        <Button
          type="submit"
          loading={props.busy}
          disabled={props.disabled ?? false}
          {...(props.danger && { color: 'red', variant: 'outline' })}
        >
          {props.submit}
        </Button>
        {props.more}
      </div>
    </form>
  );
}
