import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, Outlet, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { createQueryClient } from '@/api/query-client';
import type { ComponentPublic, RevisionPublic, UserMe } from '@/api/types';
import { createAppRouter } from '@/router';
import { Route as FrameRoute } from '@/routes/_app';
import { ada, server, token, url } from '@/test/server';
import { cssVariablesResolver, theme } from '@/theme/theme';
import { toastError } from '@/ui/toast';

// The frame has elements and keys of its own that are tested elsewhere.
FrameRoute.update({
  component: () => (
    <main>
      <Outlet />
    </main>
  ),
});

/** The pages of the app at an address, with somebody signed in, or nobody. */
export async function renderApp(address: string, user: UserMe | null = ada) {
  if (user) {
    localStorage.setItem('roster-session', '1');
    server.use(
      http.post(url('/auth/refresh'), () => token('a')),
      http.get(url('/users/me'), () => HttpResponse.json(user)),
    );
  }
  const client = createQueryClient(toastError);
  const router = createAppRouter(client);
  router.update({
    ...router.options,
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  render(<RouterProvider router={router} />, {
    wrapper: ({ children }) => (
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        env="test"
      >
        <QueryClientProvider client={client}>
          <Notifications />
          {children}
        </QueryClientProvider>
      </MantineProvider>
    ),
  });
  await router.load();
  return router;
}

export const latest = {
  number: 3,
  digest: 'd'.repeat(64),
  published_at: '2026-05-01T12:00:00Z',
  author: { id: 'u1', username: 'ada', display_name: 'Ada' },
};

export function anAgent(name: string, change: Partial<ComponentPublic> = {}) {
  const agent: ComponentPublic = {
    id: `id-${name}`,
    kind: 'agent',
    team: { id: 't1', slug: 'ada', name: 'Ada' },
    name,
    display_name: null,
    reference: `agent:ada/${name}`,
    description: `Does what ${name} does.`,
    visibility: 'private',
    etag: '"v1"',
    licence: null,
    latest,
    labels: [{ name: 'latest', number: 3, yanked: false }],
    deletion_reason: null,
    deprecation: null,
    published: true,
    model: 'sonnet',
    tools: ['Read'],
    health: { worst: 'fine', errors: 0, warnings: 0, infos: 0 },
    description_tokens: 12,
    body_tokens: 120,
    created_at: '2026-05-01T12:00:00Z',
    updated_at: '2026-05-01T12:00:00Z',
    deleted_at: null,
    permissions: { edit: true, manage: true },
    draft: false,
  };
  return { ...agent, ...change };
}

export function aRevision(number: number, change: Partial<RevisionPublic> = {}) {
  const revision: RevisionPublic = {
    number,
    digest: `${number}`.repeat(64),
    message: `Message ${number}`,
    author: { id: 'u1', username: 'ada', display_name: 'Ada' },
    created_at: '2026-05-01T12:00:00Z',
    labels: [],
    source: 'editor',
    health: { worst: 'fine', errors: 0, warnings: 0, infos: 0 },
    description_tokens: 12,
    body_tokens: 120,
    identifier: `roster:agent:ada/reviewer@${number}`,
    manifest: { name: 'reviewer', description: 'Reviews.' },
    body: 'You review.',
    content: `---\nname: reviewer\ndescription: Reviews.\n---\nYou review ${number}.\n`,
    encoding: 'utf-8',
    findings: [],
    examples: [],
    arguments: [],
    references: [],
    licence: null,
    client: null,
    yanked: null,
    origin: null,
    files: [],
    repaired: null,
  };
  return { ...revision, ...change };
}

const noCounts = { team: [], model: [], tool: [], label: [], health: [] };

/** A list of these agents, whatever is asked for; returns the queries it was asked. */
export function serveAgents(agents: () => ComponentPublic[]): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(url('/agents'), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      const items = agents();
      return HttpResponse.json({ items, next_cursor: null, total: items.length });
    }),
    http.get(url('/agents/facets'), () =>
      HttpResponse.json({
        ...noCounts,
        tool: [{ value: 'Read', count: 2 }],
        label: [{ value: 'production', count: 1 }],
      }),
    ),
  );
  return asked;
}

/** The page of one agent with its revisions. */
export function serveAgent(agent: () => ComponentPublic, revisions: RevisionPublic[]) {
  server.use(
    http.get(url('/components'), () =>
      HttpResponse.json({ items: [agent()], next_cursor: null }),
    ),
    http.get(url('/components/:id/revisions'), () =>
      HttpResponse.json({ items: [...revisions].reverse(), next_cursor: null }),
    ),
    http.get(url('/components/:id/revisions/:n'), ({ params }) =>
      HttpResponse.json(revisions.find(({ number }) => `${number}` === params.n)),
    ),
    http.get(url('/components/:id/labels'), () =>
      HttpResponse.json({
        items: agent().labels.map((label) => ({
          ...label,
          moved_by: latest.author,
          moved_at: '2026-05-01T12:00:00Z',
        })),
      }),
    ),
    http.get(url('/agents/facets'), () => HttpResponse.json(noCounts)),
  );
}
