import { randomBytes } from 'node:crypto';
import {
  type APIRequestContext,
  type APIResponse,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from '@playwright/test';
import { Guard } from './guard';

export { expect } from '@playwright/test';
export { inspect, inspectEverywhere } from './inspect';

export const PASSWORD = 'nine tame otters paddle';

export interface Agent {
  id: string;
  name: string;
  etag: string;
  latest: { number: number; digest: string };
}

/** Somebody with an account and an own team, and what they do beside the browser. */
export class Person {
  constructor(
    readonly username: string,
    private readonly api: APIRequestContext,
    readonly state: Exclude<BrowserContextOptions['storageState'], string | undefined>,
  ) {}

  async createAgent(content: string, team = this.username): Promise<Agent> {
    const answer = await this.api.post('/api/v1/agents', { data: { team, content } });
    expect(answer.status(), await answer.text()).toBe(201);
    return await answer.json();
  }

  async readAgent(id: string): Promise<Agent & { content: string }> {
    const answer = await this.api.get(`/api/v1/agents/${id}`);
    expect(answer.status()).toBe(200);
    return await answer.json();
  }

  /** A new team of this person, with these people as editors. */
  async foundTeam(...editors: Person[]): Promise<string> {
    const slug = `crew-${randomBytes(3).toString('hex')}`;
    const made = await this.api.post('/api/v1/teams', { data: { slug, name: 'Crew' } });
    expect(made.status(), await made.text()).toBe(201);
    for (const editor of editors) {
      const invited = await this.api.post(`/api/v1/teams/${slug}/invitations`, {
        data: { role: 'editor' },
      });
      const { link } = await invited.json();
      const joined = await editor.api.post('/api/v1/invitations/accept', {
        data: { token: link.slice(link.indexOf('#') + 1) },
      });
      expect(joined.ok(), await joined.text()).toBe(true);
    }
    return slug;
  }

  /** Makes a team of both, in which the other one may edit, and gives its address. */
  async makeTeam(other: Person): Promise<string> {
    const slug = `crew-of-${this.username}`;
    const made = await this.api.post('/api/v1/teams', { data: { slug, name: slug } });
    expect(made.status(), await made.text()).toBe(201);
    const member = `/api/v1/teams/${slug}/members/${other.username}`;
    const put = await this.api.put(member, {
      data: { role: 'editor' },
      headers: { 'If-None-Match': '*' },
    });
    expect(put.ok(), await put.text()).toBe(true);
    return slug;
  }

  /** Changes something that this journey does not look at. */
  async send(
    method: 'POST' | 'DELETE',
    path: string,
    data?: object,
  ): Promise<APIResponse> {
    const answer = await this.api.fetch(`/api/v1${path}`, {
      method,
      headers: { 'If-Match': '*' },
      ...(data ? { data } : {}),
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return answer;
  }

  async read<T>(path: string): Promise<T> {
    const answer = await this.api.get(`/api/v1${path}`);
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as T;
  }

  async publish({ id }: Pick<Agent, 'id'>, content: string): Promise<void> {
    const answer = await this.api.post(`/api/v1/components/${id}/revisions`, {
      data: { content },
      headers: { 'If-Match': '*' },
    });
    expect(answer.status(), await answer.text()).toBe(201);
  }

  async setLabel(
    { id }: Pick<Agent, 'id'>,
    label: string,
    number: number,
  ): Promise<void> {
    const answer = await this.api.put(`/api/v1/components/${id}/labels/${label}`, {
      data: { number },
      headers: { 'If-Match': '*' },
    });
    expect(answer.status(), await answer.text()).toBe(200);
  }

  address({ name }: Pick<Agent, 'name'>): string {
    return `/agents/${this.username}/${name}`;
  }
}

type Join = (name: string) => Promise<Person>;

interface Journey {
  guard: Guard;
  /** Makes an account that no other journey has. */
  join: Join;
  person: Person;
  /** A browser of its own for somebody else, as guarded as the first. */
  browserOf: (person: Person) => Promise<BrowserContext>;
}

/** A journey that begins with nobody signed in. */
export const visit = base.extend<Journey>({
  guard: [
    async ({ context }, use) => {
      const guard = new Guard();
      guard.watch(context);
      await use(guard);
      guard.verify();
    },
    { auto: true },
  ],
  join: async ({ playwright, baseURL }, use) => {
    const opened: APIRequestContext[] = [];
    await use(async (name) => {
      const options = baseURL === undefined ? {} : { baseURL };
      // Each from an address of their own: from one, only so many register in an hour.
      const from = { 'X-Forwarded-For': `10.${[...randomBytes(3)].join('.')}` };
      const api = await playwright.request.newContext({
        ...options,
        extraHTTPHeaders: from,
      });
      opened.push(api);
      const username = `${name}-${randomBytes(3).toString('hex')}`;
      const token = await register(api, username);
      const own = await playwright.request.newContext({
        ...options,
        extraHTTPHeaders: { ...from, Authorization: `Bearer ${token}` },
      });
      opened.push(own);
      const { cookies } = await api.storageState();
      // What the app leaves behind to know that there is a session to restore.
      const localStorage = [{ name: 'roster-session', value: '1' }];
      const origins = [{ origin: baseURL ?? '', localStorage }];
      return new Person(username, own, { cookies, origins });
    });
    for (const api of opened) await api.dispose();
  },
  person: async ({ join }, use) => use(await join('ada')),
  browserOf: async ({ browser, contextOptions, baseURL, guard, viewport }, use) => {
    const opened: BrowserContext[] = [];
    await use(async ({ state }) => {
      const context = await browser.newContext({
        ...contextOptions,
        viewport,
        storageState: state,
        ...(baseURL !== undefined && { baseURL }),
      });
      opened.push(context);
      guard.watch(context);
      return context;
    });
    for (const context of opened) await context.close();
  },
});

/** A journey of a person who is signed in. */
export const test = visit.extend({
  storageState: async ({ person }, use) => use(person.state),
});

async function register(api: APIRequestContext, username: string): Promise<string> {
  const registered = await api.post('/api/v1/auth/register', {
    data: { username, email: `${username}@example.org`, password: PASSWORD },
  });
  expect(registered.status(), await registered.text()).toBe(201);
  const issued = await api.post('/api/v1/auth/token', {
    form: { grant_type: 'password', username, password: PASSWORD, client: 'browser' },
  });
  expect(issued.status(), await issued.text()).toBe(200);
  return (await issued.json()).access_token;
}

/** Fills the form of the sign-in page. */
export async function signIn(page: Page, username: string, password = PASSWORD) {
  await page.getByLabel('Name or e-mail').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
