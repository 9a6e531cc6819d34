import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { createQueryClient } from '@/api/query-client';
import { begin } from '@/api/session';
import type { Published, Secret } from '@/api/types';
import { anAgent, aRevision } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';
import { theme } from '@/theme/theme';
import { toastError } from '@/ui/toast';
import ServerSecrets from './ServerSecrets';
import { keyProblem } from './variables';

describe('variables', () => {
  it('have names that shells take', () => {
    expect(keyProblem('API_TOKEN')).toBeNull();
    for (const key of ['1ST', 'WITH-DASH', 'Ä', 'A'.repeat(129)]) {
      expect(keyProblem(key)).toMatch(/letters, digits and underscores/);
    }
  });
});

const written = (key: string, change: Partial<Secret> = {}): Secret => ({
  key,
  state: 'attached',
  etag: '"v1"',
  written_by: { id: 'u1', username: 'ada', display_name: 'Ada' },
  created_at: '2026-05-01T12:00:00Z',
  updated_at: '2026-05-01T12:00:00Z',
  ...change,
});

const tickets = anAgent('tickets', {
  id: 'c1',
  kind: 'server',
  team: { id: ada.teams[0]?.id ?? '', slug: 'ada', name: 'Ada' },
}) as Published;
const references = [
  { name: 'API_TOKEN', required: true, default: null },
  { name: 'REGION', required: false, default: 'eu' },
];

/** The section of a server that keeps these secrets; tests change what it keeps. */
async function show(secrets: Secret[], change: Partial<Published> = {}) {
  const kept = { secrets };
  server.use(
    http.get(url('/users/me'), () => HttpResponse.json(ada)),
    http.get(url('/components/c1/revisions/3'), () =>
      HttpResponse.json(aRevision(3, { references })),
    ),
    http.get(url('/components/c1/secrets'), () =>
      HttpResponse.json({ items: kept.secrets }),
    ),
  );
  await begin({ access_token: 'a', token_type: 'bearer', expires_in: 900 });
  render(<ServerSecrets server={{ ...tickets, ...change }} />, {
    wrapper: ({ children }) => (
      <MantineProvider theme={theme} env="test">
        <QueryClientProvider client={createQueryClient(toastError)}>
          <Notifications />
          {children}
        </QueryClientProvider>
      </MantineProvider>
    ),
  });
  return kept;
}

describe('the secrets of a server', () => {
  it('are written for the variables that it names, and the value is sent once', async () => {
    const kept = await show([]);
    const sent: unknown[] = [];
    server.use(
      http.put(url('/components/c1/secrets/API_TOKEN'), async ({ request }) => {
        sent.push(await request.json(), request.headers.get('If-Match'));
        kept.secrets = [written('API_TOKEN')];
        return HttpResponse.json(kept.secrets[0]);
      }),
    );
    expect(await screen.findByText('Not written')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Write API_TOKEN' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByLabelText('Value'), 'v-1');
    await userEvent.click(dialog.getByRole('button', { name: 'Write' }));
    expect(await screen.findByText('Attached')).toBeVisible();
    expect(sent).toEqual([{ value: 'v-1' }, null]);
    expect(screen.queryByDisplayValue('v-1')).not.toBeInTheDocument();
  });

  it('that are detached say why, and are replaced by what was seen', async () => {
    await show([written('API_TOKEN', { state: 'detached', etag: '"v4"' })]);
    expect(await screen.findByText(/was changed after this was written/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Reveal/ })).not.toBeInTheDocument();
    let match: string | null = null;
    server.use(
      http.put(url('/components/c1/secrets/API_TOKEN'), ({ request }) => {
        match = request.headers.get('If-Match');
        return problem(412, 'stale');
      }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Replace API_TOKEN' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByLabelText('Value'), 'v-2');
    await userEvent.click(dialog.getByRole('button', { name: 'Replace' }));
    expect(await dialog.findByText(/Somebody else wrote it meanwhile/)).toBeVisible();
    expect(match).toBe('"v4"');
  });

  it('are shown for a reason, until the dialog is closed', async () => {
    await show([written('API_TOKEN')]);
    const reasons: unknown[] = [];
    server.use(
      http.post(url('/components/c1/secrets/API_TOKEN/reveal'), async ({ request }) => {
        reasons.push(await request.json());
        return HttpResponse.json({ key: 'API_TOKEN', value: 'v-3' });
      }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reveal API_TOKEN' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByRole('button', { name: 'Reveal' })).toBeDisabled();
    await userEvent.type(dialog.getByLabelText('Reason'), ' to compare ');
    await userEvent.click(dialog.getByRole('button', { name: 'Reveal' }));
    expect(await dialog.findByText('v-3')).toBeVisible();
    expect(reasons).toEqual([{ reason: 'to compare' }]);
    await userEvent.click(dialog.getByRole('button', { name: 'Hide it' }));
    await waitFor(() => expect(screen.queryByText('v-3')).not.toBeInTheDocument());
  });

  it('are removed after a question', async () => {
    const kept = await show([written('API_TOKEN'), written('OLD_ONE')]);
    server.use(
      http.delete(url('/components/c1/secrets/OLD_ONE'), () => {
        kept.secrets = [written('API_TOKEN')];
        return new HttpResponse(null, { status: 204 });
      }),
    );
    expect(await screen.findByText(/The configuration does not name it/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Remove OLD_ONE' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Remove secret' }));
    await waitFor(() => expect(screen.queryByText('OLD_ONE')).not.toBeInTheDocument());
  });

  it('can be listed by members, and changed by owners alone', async () => {
    await show([written('API_TOKEN')], { permissions: { edit: true, manage: false } });
    expect(await screen.findByText('Attached')).toBeVisible();
    const doing = { name: /^(Write|Replace|Reveal|Remove|Add)/ };
    expect(screen.queryByRole('button', doing)).not.toBeInTheDocument();
  });

  it('are nothing that others hear of', async () => {
    await show([], { team: { id: 'other', slug: 'other', name: 'Other' } });
    expect(screen.queryByText('Secrets')).not.toBeInTheDocument();
  });

  it('can be added under any name that is one', async () => {
    await show([]);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Add another secret' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByLabelText('Variable'), 'WITH-DASH');
    expect(dialog.getByText(/letters, digits and underscores/)).toBeVisible();
    expect(dialog.getByRole('button', { name: 'Write' })).toBeDisabled();
  });
});
