import {
  type Icon,
  IconCircleArrowUp,
  IconCircleCheck,
  IconCircleOff,
  IconPin,
} from '@tabler/icons-react';
import type { Upstream } from './types';
import classes from './upstreams.module.css';
import { type Standing, standingOf, standingWords } from './words';

const icons: Record<Standing, Icon> = {
  current: IconCircleCheck,
  available: IconCircleArrowUp,
  pinned: IconPin,
  gone: IconCircleOff,
};

interface StandingMarkProps {
  of: Pick<Upstream, 'state' | 'is_pinned'>;
}

/** How a component stands to its upstream: icon, word and colour. */
export function StandingMark({ of }: StandingMarkProps) {
  const standing = standingOf(of);
  const Shape = icons[standing];
  return (
    <span className={classes.mark} data-standing={standing}>
      <Shape size={14} stroke={1.8} aria-hidden />
      {standingWords[standing]}
    </span>
  );
}
