import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Fragment } from 'react';
import classes from './install.module.css';

interface CommandProps {
  /** What it does, for the name of the button. */
  title: string;
  command: string;
  /** The file that it is the text of. */
  file?: string | undefined;
}

/** Something to paste into a shell: it wraps, and copies as one line. */
export function Command({ title, command, file }: CommandProps) {
  const { copied, copy } = useClipboard({ timeout: 2000 });
  return (
    <div className={classes.command} data-file={file ? true : undefined}>
      {file && <div className={`mono ${classes.commandFile}`}>{file}</div>}
      <pre className="mono">
        <code>{file ? command : <Words command={command} />}</code>
      </pre>
      <Button
        size="xs"
        variant="default"
        className={classes.copy ?? ''}
        leftSection={
          copied ? (
            <IconCheck size={14} stroke={2} aria-hidden />
          ) : (
            <IconCopy size={14} stroke={1.7} aria-hidden />
          )
        }
        aria-label={copied ? `Copied: ${title}` : `Copy: ${title}`}
        data-copied={copied || undefined}
        onClick={() => copy(command)}
      >
        {copied ? 'Copied' : 'Copy'}
      </Button>
      <span role="status" className={classes.spoken}>
        {copied ? 'Copied' : ''}
      </span>
    </div>
  );
}

/** Lines break between words, and within one only where it is longer than a line. */
function Words({ command }: { command: string }) {
  return command.split(' ').map((word, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a command never changes its words
    <Fragment key={index}>
      {index > 0 && ' '}
      <span>{word}</span>
    </Fragment>
  ));
}
