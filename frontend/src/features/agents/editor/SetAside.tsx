import { ActionIcon } from '@mantine/core';
import { IconArchive, IconX } from '@tabler/icons-react';
import { CopyButton } from '@/ui/CopyButton';
import classes from './editor.module.css';

export interface AsideText {
  id: string;
  /** "your text" */
  what: string;
  text: string;
}

interface SetAsideProps {
  texts: readonly AsideText[];
  onForget: () => void;
}

/** Text that was not chosen: to copy, until the person leaves the page. */
export function SetAside({ texts, onForget }: SetAsideProps) {
  if (texts.length === 0) return null;
  return (
    <div className={classes.notice} role="note">
      <IconArchive size={16} stroke={1.7} aria-hidden />
      <span className={classes.noticeText}>
        What you did not choose is here until you leave the page.
      </span>
      {texts.map(({ id, what, text }) => (
        <CopyButton key={id} text={text}>
          Copy {what}
        </CopyButton>
      ))}
      <ActionIcon size="sm" aria-label="Forget what was not chosen" onClick={onForget}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}
