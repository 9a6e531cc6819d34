import type { LiveEvent } from '@/api/types';

export const ID = '019a7c1d-90e4-7d02-8a4b-0f5c6d7e8f90';

let made = 0;

/** Something that somebody did to a thing of this kind. */
export function happened(kind = 'component', by = 'bea'): LiveEvent {
  made += 1;
  return {
    id: `event-${made}`,
    at: '2026-01-31T12:00:00Z',
    action: `${kind}.changed`,
    actor: { username: by },
    target: { kind, id: ID, name: 'agent:ada/reviewer' },
    team: 'ada',
    details: {},
  };
}
