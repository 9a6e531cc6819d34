/** Streams of jobs, one for each address however many parts of a page listen. */
import { notifyManager, type QueryClient } from '@tanstack/react-query';
import { endLog, hearJob, hearLines } from './cache';
import { EventStream } from './event-stream';
import { jobKeys } from './queries';
import type { Said } from './sse';
import type { JobLine, JobPublic } from './types';

interface Followed {
  stream: EventStream;
  listeners: number;
}

const followed = new WeakMap<QueryClient, Map<string, Followed>>();

function follow(
  client: QueryClient,
  path: string,
  listener: ConstructorParameters<typeof EventStream>[1],
): () => void {
  const streams = followed.get(client) ?? new Map<string, Followed>();
  followed.set(client, streams);
  let one = streams.get(path);
  if (!one) {
    one = { stream: new EventStream(path, listener), listeners: 0 };
    streams.set(path, one);
    one.stream.start();
  }
  const held = one;
  held.listeners += 1;
  return () => {
    held.listeners -= 1;
    if (held.listeners > 0) return;
    held.stream.stop();
    if (streams.get(path) === held) streams.delete(path);
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

/** Keeps a job and its log up to date until the returned is called. */
export function followJob(client: QueryClient, id: string): () => void {
  const anew = () => {
    void client.invalidateQueries({ queryKey: jobKeys.one(id) });
    endLog(client, id);
  };
  return follow(client, `/jobs/${id}/events`, {
    onSaid: (said) => {
      const more = hear(client, said);
      if (!more) anew();
      return more;
    },
    onGone: anew,
  });
}

/** Keeps the active jobs of this person up to date until the returned is called. */
export const followMine = (client: QueryClient): (() => void) =>
  follow(client, '/jobs/events', {
    onSaid: (said) => hear(client, said),
    onGone: () => void client.invalidateQueries({ queryKey: jobKeys.mine }),
  });
