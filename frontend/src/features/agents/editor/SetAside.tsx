import { ActionIcon } from '@mantine/core';
import { IconArchive, IconX } from '@tabler/icons-react';
import { CopyButton } from './CopyButton';
import classes from './editor.module.css';

export interface AsideText {
  id: string;
  what: string;
  text: string;
}

interface SetAsideProps {
  texts: readonly AsideText[];
  onDrop: (id: string) => void;
}

/** Text that was not chosen: to copy, until the person leaves the page. */
export function SetAside({ texts, onDrop }: SetAsideProps) {
  return texts.map(({ id, what, text }) => (
    <div key={id} className={classes.notice} role="note">
      <IconArchive size={16} stroke={1.7} aria-hidden />
      <span className={classes.noticeText}>
        {what} is set aside until you leave this page.
      </span>
      <CopyButton text={text}>Copy it</CopyButton>
      <ActionIcon size="sm" aria-label={`Forget ${what}`} onClick={() => onDrop(id)}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  ));
}
