import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconPlayerPlay,
  IconPlayerStop,
} from '@tabler/icons-react';
import type { JobState } from './types';

export const stateIcons: Record<JobState, typeof IconClock> = {
  queued: IconClock,
  running: IconPlayerPlay,
  succeeded: IconCircleCheck,
  failed: IconCircleX,
  cancelled: IconPlayerStop,
};

export const levelWords = { warning: 'Warning', error: 'Error' };
export const levelIcons = { warning: IconAlertTriangle, error: IconCircleX };
