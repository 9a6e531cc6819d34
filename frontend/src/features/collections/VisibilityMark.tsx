import { IconBuildingCommunity, IconLock, IconWorld } from '@tabler/icons-react';
import type { Visibility } from '@/api/types';
import classes from './collections.module.css';

const marks = {
  private: { icon: IconLock, word: 'Private', hint: 'Seen by the members of the team' },
  internal: {
    icon: IconBuildingCommunity,
    word: 'Internal',
    hint: 'Seen by everyone who is signed in',
  },
  public: { icon: IconWorld, word: 'Public', hint: 'Seen by everyone' },
} as const satisfies Record<Visibility, unknown>;

export function VisibilityMark({ visibility }: { visibility: Visibility }) {
  const { icon: Icon, word, hint } = marks[visibility];
  return (
    <span className={classes.mark} title={hint}>
      <Icon size={14} stroke={1.7} aria-hidden />
      {word}
    </span>
  );
}
