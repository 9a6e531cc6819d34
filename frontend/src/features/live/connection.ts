/**
 * One WebSocket for each tab, which tells what happens. Not an event stream: a browser
 * opens six HTTP/1.1 connections to a server for all tabs together, and streams would
 * use them up; sockets are counted apart.
 */
import { isOffline, subscribeNetwork } from '@/api/network';
import * as session from '@/api/session';
import type { LiveEvent } from '@/api/types';

/** The server says something every fifteen seconds. */
const SILENCE_MS = 40_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const NOT_SIGNED_IN = 4401;
/** What is not mended by coming back at once. */
const LATER = new Set([1008, 1009, 4403, 4408, 4429]);

interface Message {
  type: 'ready' | 'event' | 'reset' | 'beat';
  /** Where to go on from. */
  position: string;
  event?: LiveEvent;
}

export interface Listener {
  onEvent: (event: LiveEvent) => void;
  /** More was missed than is told. */
  onReset: () => void;
}

export interface Parts {
  open: (url: string) => WebSocket;
  visible: () => boolean;
}

const ofThisPage: Parts = {
  open: (url) => new WebSocket(url),
  visible: () => document.visibilityState === 'visible',
};

function address(): string {
  const url = new URL('/api/v1/ws', session.apiOrigin || globalThis.location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

export class Connection {
  private socket: WebSocket | null = null;
  private position: string | undefined;
  private pauses = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private asking = false;
  /** The session ended: nothing to do before there is another token. */
  private over: string | null = null;
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly listener: Listener,
    private readonly parts: Parts = ofThisPage,
  ) {}

  start(): void {
    const retry = () => this.retry();
    const leave = () => this.socket?.close();
    document.addEventListener('visibilitychange', retry);
    globalThis.addEventListener('pagehide', leave);
    this.unsubscribe.push(
      session.subscribe(retry),
      subscribeNetwork(retry),
      () => document.removeEventListener('visibilitychange', retry),
      () => globalThis.removeEventListener('pagehide', leave),
    );
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const end of this.unsubscribe) end();
    this.drop();
  }

  /** Something changed that may let it go on. */
  private retry(): void {
    if (this.socket || this.stopped) return;
    clearTimeout(this.timer);
    void this.connect();
  }

  private async connect(): Promise<void> {
    if (this.stopped || this.socket || this.asking) return;
    if (session.sessionState().status !== 'signed-in') return;
    // A tab that nobody looks at catches up when somebody does.
    if (isOffline() || !this.parts.visible()) return;
    const token = session.accessToken();
    if (!token || token === this.over) return;
    this.open(token);
  }

  private open(token: string): void {
    const socket = this.parts.open(address());
    this.socket = socket;
    socket.onopen = () =>
      socket.send(JSON.stringify({ token, position: this.position }));
    socket.onmessage = ({ data }) => {
      if (socket === this.socket) this.hear(JSON.parse(data) as Message);
    };
    socket.onclose = ({ code, reason }) => {
      if (socket !== this.socket) return;
      this.drop();
      void this.comeBack(code, reason, token);
    };
    this.wait(SILENCE_MS, () => socket.close());
  }

  private hear(message: Message): void {
    const socket = this.socket;
    this.wait(SILENCE_MS, () => socket?.close());
    this.position = message.position;
    this.pauses = 0;
    if (message.type === 'event' && message.event) this.listener.onEvent(message.event);
    if (message.type === 'reset') this.listener.onReset();
  }

  private async comeBack(code: number, reason: string, token: string): Promise<void> {
    if (this.stopped) return;
    if (code === NOT_SIGNED_IN) {
      this.over = token;
      // Whoever signed out in another tab is asked to sign in by what they do next.
      if (reason === 'ended') return;
      await this.renew();
      return;
    }
    if (LATER.has(code)) this.pauses = 6;
    const pause = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** this.pauses);
    this.pauses += 1;
    // Not all tabs of all people at the same moment.
    this.wait(pause * (0.5 + Math.random() / 2), () => void this.reach());
  }

  /** Sees first whether the server answers, which the offline banner then knows. */
  private async reach(): Promise<void> {
    if (!this.parts.visible()) return;
    try {
      this.asking = true;
      await session.send(`${session.apiOrigin}/api/v1/instance`);
    } catch {
      return; // Whoever finds it back says so.
    } finally {
      this.asking = false;
    }
    await this.connect();
  }

  private async renew(): Promise<void> {
    try {
      this.asking = true;
      if (session.accessToken() === this.over) await session.refresh();
    } catch {
      // It is away: the network's listeners hear when it is back.
    } finally {
      this.asking = false;
    }
    await this.connect();
  }

  private wait(ms: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, ms);
  }

  private drop(): void {
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.timer);
    // Closed before it is open, a browser complains; its end is heard by nobody then.
    if (socket?.readyState === WebSocket.OPEN) socket.close();
    else if (socket) socket.onopen = () => socket.close();
  }
}
