/**
 * One stream of server-sent events, read by `fetch`, which can say who asks. It comes
 * back after every cut with the id of what it heard last. Not open while nobody looks:
 * a browser opens six HTTP/1.1 connections to a server for all its tabs together.
 */
import { authorizedFetch } from '@/api/client';
import { isOffline, subscribeNetwork } from '@/api/network';
import * as session from '@/api/session';
import { Reader, type Said } from './sse';

/** The server says something every fifteen seconds. */
const SILENCE_MS = 40_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** What is not mended by coming back: it is not there, or not for this person. */
const OVER = new Set([400, 403, 404, 422]);

export interface Listener {
  /** What came together; false: that was all, and nobody needs to come back. */
  onSaid: (said: Said[]) => boolean;
  onGone?: () => void;
}

export interface Parts {
  fetch: (request: Request) => Promise<Response>;
  visible: () => boolean;
}

const ofThisPage: Parts = {
  fetch: authorizedFetch,
  visible: () => document.visibilityState === 'visible',
};

export class EventStream {
  private readonly reader = new Reader();
  private reading: AbortController | null = null;
  private wake: (() => void) | null = null;
  private stopped = false;
  private pauses = 0;
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    /** Where it is read; asked each time that it begins. */
    private readonly path: () => string,
    private readonly listener: Listener,
    private readonly parts: Parts = ofThisPage,
  ) {}

  start(): void {
    const change = () => this.change();
    document.addEventListener('visibilitychange', change);
    this.unsubscribe.push(session.subscribe(change), subscribeNetwork(change), () =>
      document.removeEventListener('visibilitychange', change),
    );
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    for (const end of this.unsubscribe) end();
    this.reading?.abort();
    this.wake?.();
  }

  /** Something changed that may let it go on, or give way. */
  private change(): void {
    if (!this.parts.visible()) this.reading?.abort();
    else this.wake?.();
  }

  private get wanted(): boolean {
    const signedIn = session.sessionState().status === 'signed-in';
    return signedIn && !isOffline() && this.parts.visible();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      if (!this.wanted) {
        await this.sleep();
        continue;
      }
      if (!(await this.attempt())) break;
      const pause = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** this.pauses);
      this.pauses += 1;
      // Not all tabs of all people at the same moment.
      if (!this.stopped && this.wanted) {
        await this.sleep(pause * (0.5 + Math.random() / 2));
      }
    }
    this.stop();
  }

  /** Reads until it is cut; false: there is no use in coming back. */
  private async attempt(): Promise<boolean> {
    const reading = new AbortController();
    this.reading = reading;
    this.reader.begin();
    try {
      const response = await this.parts.fetch(this.request(reading.signal));
      if (OVER.has(response.status)) {
        this.listener.onGone?.();
        return false;
      }
      if (response.status === 429) this.pauses = Math.max(this.pauses, 5);
      if (!response.ok || !response.body) return true;
      return await this.read(response.body, reading);
    } catch {
      return true; // The line was cut, by this side or by the other one.
    } finally {
      this.reading = null;
      reading.abort();
    }
  }

  private request(signal: AbortSignal): Request {
    const base = session.apiOrigin || globalThis.location.origin;
    const headers = new Headers({ Accept: 'text/event-stream' });
    if (this.reader.lastId) headers.set('Last-Event-ID', this.reader.lastId);
    return new Request(`${base}/api/v1${this.path()}`, {
      headers,
      signal,
      credentials: 'include',
      cache: 'no-store',
    });
  }

  private async read(
    body: ReadableStream<Uint8Array>,
    reading: AbortController,
  ): Promise<boolean> {
    const decoder = new TextDecoder();
    const source = body.getReader();
    while (true) {
      const silence = setTimeout(() => reading.abort(), SILENCE_MS);
      const { done, value } = await source.read().finally(() => clearTimeout(silence));
      if (done) return true;
      this.pauses = 0;
      const said = this.reader.push(decoder.decode(value, { stream: true }));
      if (said.length > 0 && !this.stopped && !this.listener.onSaid(said)) return false;
    }
  }

  /** Until something changes, or the time is over. */
  private sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const awake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(awake, ms);
      this.wake = awake;
    });
  }
}
