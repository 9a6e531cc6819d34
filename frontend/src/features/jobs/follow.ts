/** Streams of jobs, one for each address however many parts of a page listen. */
import { notifyManager, type QueryClient } from '@tanstack/react-query';
import { endLog, hearJob, hearLines } from './cache';
import { EventStream } from './event-stream';
import { type JobLog, knownUntil } from './log';
import { jobKeys } from './queries';
import type { Said } from './sse';
import type { JobLine, JobPublic } from './types';

interface Followed {
  stream: EventStream;
  listeners: number;
}

interface Listening {
  /** Where the stream is, as it begins. */
  path: () => string;
  /** Nothing more comes of it. */
  onOver: () => void;
}

const followed = new WeakMap<QueryClient, Map<string, Followed>>();

function follow(client: QueryClient, key: string, listening: Listening): () => void {
  const streams = followed.get(client) ?? new Map<string, Followed>();
  followed.set(client, streams);
  const begin = (): Followed => {
    const over = () => {
      if (streams.get(key) === begun) streams.delete(key);
      listening.onOver();
    };
    const stream = new EventStream(listening.path, {
      onSaid: (said) => {
        const more = hear(client, said);
        if (!more) over();
        return more;
      },
      onGone: over,
    });
    const begun = { stream, listeners: 0 };
    streams.set(key, begun);
    stream.start();
    return begun;
  };
  const held = streams.get(key) ?? begin();
  held.listeners += 1;
  return () => {
    held.listeners -= 1;
    if (held.listeners > 0) return;
    held.stream.stop();
    if (streams.get(key) === held) streams.delete(key);
  };
}

/** Puts what a stream said into the cache; tells whether it goes on. */
export function hear(client: QueryClient, said: readonly Said[]): boolean {
  let more = true;
  const lines = new Map<string, JobLine[]>();
  notifyManager.batch(() => {
    for (const { event, data } of said) {
      if (event === 'end') more = false;
      if (event === 'line') {
        const { job_id, ...line } = JSON.parse(data) as JobLine & { job_id: string };
        lines.set(job_id, [...(lines.get(job_id) ?? []), line]);
      }
    }
    for (const [id, more] of lines) hearLines(client, id, more);
    for (const { event, data } of said) {
      if (event === 'job') hearJob(client, JSON.parse(data) as JobPublic);
    }
  });
  return more;
}

/** The number of the last line that a stream need not tell. */
function toldUntil(client: QueryClient, id: string): number {
  const log = client.getQueryData<JobLog>(jobKeys.log(id));
  if (log?.isRead) return knownUntil(log);
  return client.getQueryData<JobPublic>(jobKeys.one(id))?.lines ?? 0;
}

/** Keeps a job and its log up to date until the returned is called. */
export const followJob = (client: QueryClient, id: string): (() => void) =>
  follow(client, id, {
    path: () => `/jobs/${id}/events?after=${toldUntil(client, id)}`,
    onOver: () => {
      void client.invalidateQueries({ queryKey: jobKeys.one(id) });
      endLog(client, id);
    },
  });

/** Keeps the active jobs of this person up to date until the returned is called. */
export const followMine = (client: QueryClient): (() => void) =>
  follow(client, 'mine', {
    path: () => '/jobs/events',
    onOver: () => void client.invalidateQueries({ queryKey: jobKeys.mine }),
  });
