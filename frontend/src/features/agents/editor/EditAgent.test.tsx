import {
  createMemoryHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it, vi } from 'vitest';
import { begin } from '@/api/session';
import { renderUi } from '@/test/render';
import { ada, problem, server, url } from '@/test/server';
import { EditAgent } from './EditAgent';
import { agent, digestOf, draft, ID, lints, local, textOf } from './editor-fixtures';
import type { Opening } from './open';

// The editor and its dialogs come in chunks of their own.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

const user = userEvent.setup({ delay: null });

function show(opening: Partial<Opening> = {}) {
  const whole: Opening = {
    agent: agent(1),
    local: local(),
    conflict: null,
    savedAt: null,
    offer: null,
    started: null,
    ...opening,
  };
  const root = createRootRouteWithContext()({ component: Outlet });
  const edit = createRoute({
    getParentRoute: () => root,
    path: '/edit',
    component: () => (
      <EditAgent opening={whole} userId="ada" search={{}} onSearch={() => {}} />
    ),
  });
  const page = createRoute({
    getParentRoute: () => root,
    path: '/agents/$team/$name',
    component: () => <h1>The page of the agent</h1>,
  });
  const router = createRouter({
    routeTree: root.addChildren([edit, page]),
    history: createMemoryHistory({ initialEntries: ['/edit'] }),
    context: {},
  });
  renderUi(<RouterProvider router={router as never} />);
}

const typed = textOf(1).replace('Revision 1', 'Typed');
const publishes = (answer: () => Response) =>
  http.post(url(`/components/${ID}/draft/publish`), answer);

beforeEach(async () => {
  sessionStorage.clear();
  server.use(
    http.get(url('/users/me'), () => HttpResponse.json(ada)),
    http.put(url(`/components/${ID}/draft`), () => HttpResponse.json(draft())),
    http.get(url(`/agents/${ID}`), () => HttpResponse.json(agent(1))),
    lints(),
  );
  await begin({ access_token: 'a', token_type: 'bearer', expires_in: 900 });
});

async function publish(message = '') {
  await user.click(await screen.findByRole('button', { name: 'Publish' }));
  const dialog = await screen.findByRole('dialog', { name: 'Publish reviewer' });
  if (message) await user.type(within(dialog).getByLabelText('Message'), message);
  await user.click(within(dialog).getByRole('button', { name: 'Publish' }));
  return dialog;
}

it('saves the whole text, then publishes the draft with a message', async () => {
  let saved: unknown;
  let sent: unknown;
  let match: string | null = null;
  server.use(
    http.put(url(`/components/${ID}/draft`), async ({ request }) => {
      saved = await request.json();
      return HttpResponse.json(draft());
    }),
    http.post(url(`/components/${ID}/draft/publish`), async ({ request }) => {
      sent = await request.json();
      match = request.headers.get('If-Match');
      return HttpResponse.json({ number: 2 }, { status: 201 });
    }),
  );
  show();
  const description = await screen.findByLabelText(/^Description/);
  await user.clear(description);
  await user.type(description, 'Typed');
  await publish('Say more');
  expect(await screen.findByText('The page of the agent')).toBeVisible();
  expect(saved).toEqual({ content: typed, base_digest: digestOf(1) });
  expect(sent).toEqual({ message: 'Say more' });
  expect(match).toBe('"d1"');
});

it('has nothing to publish while the text is the published one', async () => {
  show();
  const dialog = await publish();
  expect(within(dialog).getByText(/nothing to publish/)).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Publish' })).toBeDisabled();
});

it('shows every reason why the server refuses the text', async () => {
  const errors = [
    { loc: 'content', message: '3:1 There is no name.', code: 'manifest.name-missing' },
    { loc: 'content', message: '4:1 No description.', code: 'manifest.description' },
  ];
  server.use(
    publishes(() => problem(422, 'invalid', { detail: 'Not an agent.', errors })),
  );
  show({ local: local({ text: typed }) });
  const dialog = await publish();
  expect(await within(dialog).findByText('Not an agent.')).toBeVisible();
  expect(within(dialog).getByText('3:1 There is no name.')).toBeVisible();
});

it('puts what is wrong with the message on its field', async () => {
  const errors = [{ loc: 'message', message: 'Too long.', code: 'long' }];
  server.use(publishes(() => problem(422, 'invalid', { errors })));
  show({ local: local({ text: typed }) });
  const dialog = await publish('x');
  expect(await within(dialog).findByText('Too long.')).toBeVisible();
  expect(within(dialog).getByLabelText('Message')).toBeInvalid();
});

it('says that nothing changed', async () => {
  server.use(
    publishes(() => problem(409, 'unchanged', { detail: 'It equals revision 1.' })),
  );
  show({ local: local({ text: typed }) });
  const dialog = await publish();
  expect(await within(dialog).findByText('It equals revision 1.')).toBeVisible();
});

it('warns of errors and offers the repair, without being in the way', async () => {
  const finding = {
    rule: 'yaml.invalid',
    severity: 'error' as const,
    line: 3,
    column: 1,
    end_line: 3,
    end_column: 4,
    message: 'Put it in quotes.',
    evidence: null,
    fix: null,
  };
  server.use(lints({ findings: [finding], strict_yaml_ok: false, repaired: typed }));
  show({ local: local({ text: typed }) });
  await user.click(await screen.findByRole('button', { name: 'Publish' }));
  const dialog = await screen.findByRole('dialog', { name: 'Publish reviewer' });
  expect(await within(dialog).findByText(/Strict tools will drop/)).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Take the repair' })).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Publish' })).toBeEnabled();
});

it('turns a refused publish into a conflict that loses no text', async () => {
  server.use(
    publishes(() => problem(409, 'draft-behind')),
    http.get(url(`/agents/${ID}`), () => HttpResponse.json(agent(2))),
  );
  show({ local: local({ text: typed }) });
  await publish();
  expect(
    await screen.findByRole('heading', { name: 'Two versions of one text' }),
  ).toBeVisible();
  expect(screen.getByText(/Bob published revision 2/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Take revision 2' }));
  expect(await screen.findByLabelText(/^Description/)).toHaveValue('Revision 2');
  expect(screen.getByText('Based on revision 2')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Copy your text' })).toBeVisible();
});

it('tells of a newer revision without taking the text away', async () => {
  server.use(http.get(url(`/agents/${ID}`), () => HttpResponse.json(agent(2))));
  show({ local: local({ text: typed }) });
  await screen.findByLabelText(/^Description/);
  globalThis.dispatchEvent(new Event('focus'));
  expect(await screen.findByText(/Bob published revision 2/)).toBeVisible();
  expect(screen.getByLabelText(/^Description/)).toHaveValue('Typed');
});

it('discards the draft after asking', async () => {
  let gone: string | null = null;
  server.use(
    http.delete(url(`/components/${ID}/draft`), ({ request }) => {
      gone = request.headers.get('If-Match');
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const saved = { confirmed: typed, etag: '"d1"', draftBase: digestOf(1) };
  show({ local: local({ ...saved, text: typed }), savedAt: Date.now() });
  await user.click(await screen.findByRole('button', { name: 'More actions' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Discard draft' }));
  const dialog = await screen.findByRole('dialog', {
    name: 'Discard your draft of reviewer?',
  });
  await user.click(within(dialog).getByRole('button', { name: 'Discard draft' }));
  await waitFor(() =>
    expect(screen.getByLabelText(/^Description/)).toHaveValue('Revision 1'),
  );
  expect(gone).toBe('"d1"');
});

it('shows broken front matter to read only, until it is mended', async () => {
  const broken = textOf(1).replace('Revision 1', 'Use: when broken');
  server.use(
    lints({ repaired: typed, manifest: { name: 'reviewer', description: 'Use: it' } }),
  );
  show({ local: local({ text: broken }) });
  expect(await screen.findByText('The front matter is not valid YAML')).toBeVisible();
  expect(await screen.findByText('Use: it')).toBeVisible();
  expect(screen.queryByLabelText(/^Description/)).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Take the repair' }));
  expect(await screen.findByLabelText(/^Description/)).toHaveValue('Typed');
});
