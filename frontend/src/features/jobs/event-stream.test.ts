import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reportAnswer } from '@/api/network';
import * as session from '@/api/session';
import { ada, server } from '@/test/server';
import { EventStream } from './event-stream';
import type { Said } from './sse';
import { saying } from './test-support';

/** An answer that goes on until it is ended or cut. */
class Answer {
  private out!: ReadableStreamDefaultController<Uint8Array>;
  readonly response: Response;

  constructor(readonly request: Request) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.out = controller;
      },
    });
    request.signal.addEventListener('abort', () => this.cut());
    this.response = new Response(body);
  }
  say(text: string) {
    this.out.enqueue(new TextEncoder().encode(text));
  }
  end() {
    this.out.close();
  }
  cut() {
    try {
      this.out.error(new TypeError('cut'));
    } catch {
      // It had ended.
    }
  }
}

describe('a stream of events', () => {
  let answers: Answer[];
  let heard: Said[];
  let visible: boolean;
  let refusal: number | null;
  let stream: EventStream;
  const onGone = vi.fn();
  const newest = () => answers.at(-1) as Answer;
  const opened = (count: number) =>
    vi.waitFor(() => expect(answers).toHaveLength(count), { timeout: 3000 });

  beforeEach(async () => {
    answers = [];
    heard = [];
    visible = true;
    refusal = null;
    onGone.mockClear();
    server.use(http.get('*/api/v1/users/me', () => HttpResponse.json(ada)));
    await session.begin({ access_token: 'token' } as Parameters<
      typeof session.begin
    >[0]);
    const listener = {
      onSaid: (said: Said[]) => {
        heard.push(...said);
        return said.every(({ event }) => event !== 'end');
      },
      onGone,
    };
    stream = new EventStream(() => '/jobs/events', listener, {
      fetch: async (request) => {
        const answer = new Answer(request);
        answers.push(answer);
        return refusal ? new Response(null, { status: refusal }) : answer.response;
      },
      visible: () => visible,
    });
  });
  afterEach(() => {
    stream.stop();
    vi.useRealTimers();
  });

  it('goes on after a cut where it was, without what was half said', async () => {
    stream.start();
    await opened(1);
    expect(newest().request.headers.get('Last-Event-ID')).toBeNull();
    newest().say(saying('line', { number: 1 }, 'p1'));
    newest().say('id: p2\nevent: line\ndata: {"numb');
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    newest().cut();
    await opened(2);
    expect(newest().request.headers.get('Last-Event-ID')).toBe('p1');
    newest().say(saying('line', { number: 2 }, 'p2'));
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard.map(({ data }) => JSON.parse(data).number)).toEqual([1, 2]);
  });

  it('comes back when the server ends it, and not after the word that ends it', async () => {
    stream.start();
    await opened(1);
    newest().end();
    await opened(2);
    newest().say(saying('end', {}, 'p9'));
    await vi.waitFor(() => expect(newest().request.signal.aborted).toBe(true));
    reportAnswer(false);
    reportAnswer(true);
    await new Promise((resolve) => setTimeout(resolve));
    expect(answers).toHaveLength(2);
  });

  it('is closed while nobody looks, and opened again when somebody does', async () => {
    stream.start();
    await opened(1);
    visible = false;
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(newest().request.signal.aborted).toBe(true));
    visible = true;
    document.dispatchEvent(new Event('visibilitychange'));
    await opened(2);
  });

  it('waits for the server to be found again', async () => {
    reportAnswer(false);
    stream.start();
    await Promise.resolve();
    expect(answers).toHaveLength(0);
    reportAnswer(true);
    await opened(1);
  });

  it('says that what it listens to is gone, and gives up', async () => {
    refusal = 404;
    stream.start();
    await opened(1);
    await vi.waitFor(() => expect(onGone).toHaveBeenCalledOnce());
    expect(answers).toHaveLength(1);
  });

  it('is closed when it is stopped', async () => {
    stream.start();
    await opened(1);
    stream.stop();
    expect(newest().request.signal.aborted).toBe(true);
  });
});
