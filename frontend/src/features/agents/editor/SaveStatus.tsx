import {
  IconAlertTriangle,
  IconCloudCheck,
  IconCloudOff,
  IconCloudUp,
  IconPencil,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { describe } from '@/api/problem';
import { relativeTime } from '@/lib/time';
import type { SaveState } from './draft-sync';
import classes from './editor.module.css';

const KEPT = 'kept in this tab';
const NOT_KEPT = 'and this browser cannot keep it either: copy it';

function savedText(at: number): string {
  const seconds = (Date.now() - at) / 1000;
  return seconds < 45 ? 'Saved a moment ago' : `Saved ${relativeTime(new Date(at))}`;
}

function look(save: SaveState) {
  switch (save.is) {
    case 'unchanged':
      return { icon: IconPencil, text: 'No changes yet' };
    case 'waiting':
    case 'saving':
      return { icon: IconCloudUp, text: 'Saving…' };
    case 'saved':
      return { icon: IconCloudCheck, text: savedText(save.at) };
    case 'offline':
      return {
        icon: IconCloudOff,
        text: `Not saved: offline, ${save.kept ? KEPT : NOT_KEPT}`,
        bad: true,
      };
    case 'stale':
      return {
        icon: IconAlertTriangle,
        text: 'Not saved: changed elsewhere',
        bad: true,
      };
    case 'refused':
      return {
        icon: IconAlertTriangle,
        text: `Not saved, ${save.kept ? KEPT : NOT_KEPT}. ${describe(save.error)}`,
        bad: true,
      };
  }
}

/** Where the text is by now; only what went wrong is announced. */
export function SaveStatus({ save }: { save: SaveState }) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (save.is !== 'saved') return;
    const timer = setInterval(() => tick((count) => count + 1), 15_000);
    return () => clearInterval(timer);
  }, [save.is]);
  const { icon: Icon, text, bad = false } = look(save);
  return (
    <span className={classes.status} data-bad={bad || undefined}>
      <Icon size={15} stroke={1.7} aria-hidden />
      <span role={bad ? 'alert' : undefined} data-testid="save-status">
        {text}
      </span>
    </span>
  );
}
