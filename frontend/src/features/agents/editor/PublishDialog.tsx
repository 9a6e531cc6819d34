import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type FormEvent, type ReactNode, useState } from 'react';
import { isProblem } from '@/api/problem';
import type { TeamMembership, Visibility } from '@/api/types';
import { toLf } from '@/lib/newlines';
import { DiffView } from '@/ui/code/DiffView';
import { FormError } from '@/ui/FormError';
import { Kbd } from '@/ui/Kbd';
import { Dialog } from '../Dialog';
import { Checks } from './Checks';
import classes from './editor.module.css';
import { INSIDE } from './inside';
import { MOD } from './keys';
import type { Lint } from './use-lint';

export interface NewChoices {
  team: string;
  visibility: Visibility;
}

interface PublishDialogProps {
  /** "Publish code-reviewer" */
  title: string;
  text: string;
  lint: Lint;
  onText: (text: string) => void;
  onPublish: (message: string) => void;
  onClose: () => void;
  busy: boolean;
  error: unknown;
  /** What `text` is compared with; nothing for a new agent. */
  base: { text: string; name: string } | null;
  /** More fields above the message. */
  children?: ReactNode;
}

/** What is published, what the checks say about it, and why it is done. */
export function PublishDialog(props: PublishDialogProps) {
  const { title, text, lint, busy, error, base, onPublish, onClose } = props;
  const [message, setMessage] = useState('');
  const narrow = useMediaQuery('(max-width: 48em)', false, {
    getInitialValueInEffect: false,
  });
  const same = base !== null && base.text === text;
  const impossible = !lint.pending && lint.result?.ok === false;
  const messageError = isProblem(error)
    ? error.errors.find(({ loc }) => loc === 'message')?.message
    : undefined;
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!busy && !same && !impossible) onPublish(message.trim());
  };
  return (
    <Dialog
      onClose={onClose}
      title={title}
      size={base ? 920 : 620}
      fullScreen={narrow === true}
    >
      <form className={classes.publish} onSubmit={send} noValidate>
        <PublishError error={error} known={messageError !== undefined} />
        {props.children}
        <Textarea
          label="Message"
          description="What changed and why, for whoever reads the history."
          data-autofocus
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          value={message}
          error={messageError}
          onChange={(event) => setMessage(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              event.stopPropagation();
              send();
            }
          }}
        />
        <Checks lint={lint} onText={props.onText} />
        {base && !same && toLf(base.text) === toLf(text) && (
          <p className={classes.calm}>Only the ends of the lines differ.</p>
        )}
        {base &&
          (same ? (
            <p className={classes.calm}>
              The text equals {base.name}, so there is nothing to publish.
            </p>
          ) : (
            <div className={classes.diff}>
              <DiffView
                original={base.text}
                modified={text}
                from={base.name}
                to="This text"
                label={title}
              />
            </div>
          ))}
        <div className={classes.foot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={same || impossible}
            rightSection={<Kbd>{MOD} ↵</Kbd>}
          >
            Publish
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the server refused, with every finding it names. */
function PublishError({ error, known }: { error: unknown; known: boolean }) {
  if (!error || known || isProblem(error, 'name-taken')) return null;
  const content = isProblem(error)
    ? error.errors.filter(({ loc }) => loc === 'content')
    : [];
  return (
    <>
      <FormError error={error} />
      {content.length > 1 && (
        <ul className={classes.refusals}>
          {content.map(({ message, code }) => (
            <li key={`${code}:${message}`}>{message}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface NewFieldsProps {
  teams: readonly TeamMembership[];
  choices: NewChoices;
  onChoices: (choices: NewChoices) => void;
  name: string;
  /** Undefined where the text says the name in a way that no field can change. */
  onName: ((name: string) => void) | undefined;
  error: unknown;
}

const VISIBILITIES: { value: Visibility; label: string }[] = [
  { value: 'private', label: 'Private: the members of the team' },
  { value: 'internal', label: 'Internal: everyone signed in' },
  { value: 'public', label: 'Public: also without an account' },
];

/** Where a new agent goes, how it is called, who sees it. */
export function NewFields(props: NewFieldsProps) {
  const { teams, choices, onChoices, name, onName, error } = props;
  const errorAt = (...fields: string[]) =>
    isProblem(error)
      ? error.errors.find(({ loc }) => fields.includes(loc))?.message
      : undefined;
  const taken = isProblem(error, 'name-taken') ? error.message : undefined;
  return (
    <>
      <TextInput
        label="Name"
        description="It cannot change later."
        classNames={{ input: 'mono' }}
        value={name}
        disabled={onName === undefined}
        error={taken ?? errorAt('name')}
        onChange={(event) => onName?.(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <div className={classes.pair}>
        <Select
          comboboxProps={INSIDE}
          label="Team"
          data={teams.map((team) => ({ value: team.slug, label: team.name }))}
          value={choices.team}
          error={errorAt('team')}
          allowDeselect={false}
          onChange={(team) => team && onChoices({ ...choices, team })}
        />
        <Select
          comboboxProps={INSIDE}
          label="Who can see it"
          data={VISIBILITIES}
          value={choices.visibility}
          error={errorAt('visibility')}
          allowDeselect={false}
          onChange={(value) =>
            value && onChoices({ ...choices, visibility: value as Visibility })
          }
        />
      </div>
    </>
  );
}
