import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOffline } from '@/api/network';
import * as session from '@/api/session';
import { server } from '@/test/server';
import { Connection } from './connection';
import { happened } from './test-support';

class FakeSocket {
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.end(1000);
  }
  begin() {
    this.readyState = 1;
    this.onopen?.();
    this.say({ type: 'ready', position: 'p1' });
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  end(code: number, reason = '') {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

describe('the connection', () => {
  const sockets: FakeSocket[] = [];
  const listener = { onEvent: vi.fn(), onReset: vi.fn() };
  let visible = true;
  let connection: Connection;
  const newest = () => sockets.at(-1) as FakeSocket;
  const first = (socket: FakeSocket) => JSON.parse(socket.sent[0] ?? '{}');

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    sockets.length = 0;
    visible = true;
    listener.onEvent.mockClear();
    listener.onReset.mockClear();
    let issued = 0;
    server.use(
      http.get('*/api/v1/users/me', () => HttpResponse.json({ username: 'ada' })),
      http.get('*/api/v1/instance', () => HttpResponse.json({})),
      http.post('*/api/v1/auth/refresh', () => {
        issued += 1;
        return HttpResponse.json({ access_token: `token-${issued}` });
      }),
    );
    await session.begin({ access_token: 'token' } as Parameters<
      typeof session.begin
    >[0]);
    connection = new Connection(listener, {
      open: () => {
        sockets.push(new FakeSocket());
        return newest() as unknown as WebSocket;
      },
      visible: () => visible,
    });
    connection.start();
    newest().begin();
  });
  afterEach(() => {
    connection.stop();
    session.reset();
    vi.useRealTimers();
  });

  it('signs in with its first message and passes on what it is told', () => {
    expect(first(newest())).toEqual({ token: 'token' });
    const event = happened();
    newest().say({ type: 'event', position: 'p2', event });
    newest().say({ type: 'reset', position: 'p3' });
    expect(listener.onEvent).toHaveBeenCalledExactlyOnceWith(event);
    expect(listener.onReset).toHaveBeenCalledOnce();
  });

  it('comes back to where it was when the line was cut', async () => {
    newest().say({ type: 'beat', position: 'p2' });
    newest().end(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect(sockets).toHaveLength(2));
    newest().begin();
    expect(first(newest())).toEqual({ token: 'token', position: 'p2' });
  });

  it('cuts a line that has gone silent', async () => {
    await vi.advanceTimersByTimeAsync(40_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect(sockets).toHaveLength(2));
  });

  it('lets the banner know that the server is away, and waits for it', async () => {
    server.use(http.get('*/api/v1/instance', () => HttpResponse.error()));
    newest().end(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect(isOffline()).toBe(true));
    await vi.advanceTimersByTimeAsync(100_000);
    expect(sockets).toHaveLength(1);
    server.use(http.get('*/api/v1/instance', () => HttpResponse.json({})));
    await session.send('/api/v1/instance');
    expect(sockets).toHaveLength(2);
  });

  it('renews an access token that is past its time', async () => {
    newest().end(4401, 'expired');
    await vi.waitFor(() => expect(sockets).toHaveLength(2));
    newest().begin();
    expect(first(newest()).token).toBe('token-1');
  });

  it('rests when the session has ended, until there is another', async () => {
    newest().end(4401, 'ended');
    await vi.advanceTimersByTimeAsync(100_000);
    expect(sockets).toHaveLength(1);
    await session.begin({ access_token: 'other' } as Parameters<
      typeof session.begin
    >[0]);
    expect(sockets).toHaveLength(2);
  });

  it('waits until somebody looks', async () => {
    visible = false;
    newest().end(1001);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(sockets).toHaveLength(1);
    visible = true;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(sockets).toHaveLength(2);
  });
});
