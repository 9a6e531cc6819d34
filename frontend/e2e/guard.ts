import type {
  BrowserContext,
  ConsoleMessage,
  Request,
  Response,
} from '@playwright/test';
import { expect } from '@playwright/test';

interface Refusal {
  method: string;
  path: RegExp;
  status: number;
  seen: boolean;
}

const OFFLINE = /net::ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED)/;

/**
 * Fails the journey on anything that a browser complains about: errors and warnings of
 * the console (breaches of the content security policy are among them), exceptions,
 * requests that fail, and answers that refuse something without being announced.
 */
export class Guard {
  private readonly faults: string[] = [];
  private readonly refusals: Refusal[] = [];
  private offline = false;

  watch(context: BrowserContext): void {
    context.on('console', (message) => this.onConsole(message));
    context.on('weberror', (error) => this.faults.push(`threw ${error.error()}`));
    context.on('requestfailed', (request) => this.onFailure(request));
    context.on('response', (response) => this.onResponse(response));
  }

  /** The journey causes this refusal, and fails when it does not come. */
  refuses(method: string, path: RegExp, status: number): void {
    this.refusals.push({ method, path, status, seen: false });
  }

  /** Cuts the line; until it is back, requests may fail for that reason alone. */
  async cut(context: BrowserContext): Promise<void> {
    this.offline = true;
    await context.setOffline(true);
  }

  async reconnect(context: BrowserContext): Promise<void> {
    await context.setOffline(false);
  }

  verify(): void {
    const missing = this.refusals
      .filter(({ seen }) => !seen)
      .map(
        ({ method, path, status }) => `${method} ${path} was not refused: ${status}`,
      );
    expect([...this.faults, ...missing], 'what the browser complained about').toEqual(
      [],
    );
  }

  private onConsole(message: ConsoleMessage): void {
    if (!['error', 'warning', 'assert'].includes(message.type())) return;
    const text = message.text();
    // Told twice: the answer, or the failure, is judged below.
    if (text.startsWith('Failed to load resource:')) return;
    // A socket that cannot be opened is told here alone.
    if (this.offline && OFFLINE.test(text)) return;
    this.faults.push(`${message.type()}: ${text} (${message.location().url})`);
  }

  private onFailure(request: Request): void {
    const reason = request.failure()?.errorText ?? 'no reason given';
    // The app itself drops a question when its answer is no longer wanted.
    if (reason === 'net::ERR_ABORTED') return;
    if (this.offline && OFFLINE.test(reason)) return;
    this.faults.push(`${request.method()} ${request.url()} failed: ${reason}`);
  }

  private onResponse(response: Response): void {
    const status = response.status();
    if (status < 400) return;
    const method = response.request().method();
    const { pathname } = new URL(response.url());
    const known = this.refusals.find(
      (one) =>
        one.method === method && one.status === status && one.path.test(pathname),
    );
    // Where a session is over, a page hears it from all that it asks just then.
    const over =
      status === 401 &&
      method === 'GET' &&
      this.refusals.some((one) => one.method === 'GET' && one.status === 401);
    if (known) known.seen = true;
    else if (!over) this.faults.push(`${method} ${pathname} answered ${status}`);
  }
}
