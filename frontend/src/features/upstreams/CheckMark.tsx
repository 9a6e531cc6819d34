import {
  type Icon,
  IconAlertTriangle,
  IconCircleArrowUp,
  IconCircleCheck,
  IconCircleDashed,
  IconRefresh,
} from '@tabler/icons-react';
import type { Repository } from './types';
import classes from './upstreams.module.css';
import { type CheckWord, checkOf } from './words';

const icons: Record<CheckWord, Icon> = {
  running: IconRefresh,
  failed: IconAlertTriangle,
  updates: IconCircleArrowUp,
  unchanged: IconCircleCheck,
  never: IconCircleDashed,
};

/** What came of the last look at a repository: icon, word and colour. */
export function CheckMark({ of }: { of: Repository }) {
  const [check, words] = checkOf(of);
  const Shape = icons[check];
  return (
    <span className={classes.mark} data-standing={check}>
      <Shape size={14} stroke={1.8} aria-hidden />
      {words}
    </span>
  );
}
