import { Button, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type FormEvent, type ReactNode, useState } from 'react';
import { isProblem } from '@/api/problem';
import { toLf } from '@/lib/newlines';
import { DiffView } from '@/ui/code/DiffView';
import { FormError } from '@/ui/FormError';
import { Kbd } from '@/ui/Kbd';
import { Dialog } from '../Dialog';
import { Checks } from './Checks';
import classes from './editor.module.css';
import { MOD } from './keys';
import type { Lint } from './use-lint';

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
  /** Other files may have changed, where the text has not. */
  tree?: boolean;
  /** More fields above the message. */
  children?: ReactNode;
}

/** What is published, what the checks say about it, and why it is done. */
export function PublishDialog(props: PublishDialogProps) {
  const { title, text, lint, busy, error, base, onPublish, onClose } = props;
  const tree = props.tree ?? false;
  const [message, setMessage] = useState('');
  const narrow = useMediaQuery('(max-width: 48em)', false, {
    getInitialValueInEffect: false,
  });
  const same = base !== null && base.text === text && !tree;
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
        {base && base.text !== text && toLf(base.text) === toLf(text) && (
          <p className={classes.calm}>Only the ends of the lines differ.</p>
        )}
        {base &&
          (base.text === text ? (
            <p className={classes.calm}>
              {tree
                ? `The text equals ${base.name}; its other files may differ.`
                : `The text equals ${base.name}, so there is nothing to publish.`}
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
