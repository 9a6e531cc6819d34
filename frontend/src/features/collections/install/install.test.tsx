import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { CollectionDetail, ExportPreview } from '@/api/types';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { aCollection } from '../test-support';

const LATER = { timeout: 15_000 };
const SLOW = 30_000;
const TARGETS = [
  { name: 'claude-code', label: 'Claude Code', tool: 'claude-code', description: '' },
  { name: 'codex', label: 'Codex', tool: 'codex', description: 'Agents as TOML.' },
];

function aPreview(change: Partial<ExportPreview> = {}): ExportPreview {
  return {
    target: 'codex',
    number: 2,
    lock_digest: 'a'.repeat(64),
    digest: 'b'.repeat(64),
    files: [],
    notes: [],
    losses: 0,
    serious: 0,
    variables: [],
    ...change,
  };
}

interface Served {
  collection?: Partial<CollectionDetail>;
  publicRead?: boolean;
  preview?: () => Response;
}

/** A collection with two releases, and what exports of it hold. */
function serve({ collection = {}, publicRead = false, preview }: Served = {}) {
  const one = aCollection([], { latest_release: 2, ...collection });
  const releases = url(`/collections/${one.id}/releases`);
  server.use(
    http.get(url('/collections'), () =>
      HttpResponse.json({ items: [one], next_cursor: null }),
    ),
    http.get(url(`/collections/${one.id}`), () => HttpResponse.json(one)),
    http.get(url('/instance'), () =>
      HttpResponse.json({ public_read: publicRead, token_max_days: 365 }),
    ),
    http.get(url('/exports/targets'), () => HttpResponse.json(TARGETS)),
    http.get(`${releases}/:n`, () => HttpResponse.json({ entries: [] })),
    http.get(`${releases}/:n/targets`, () =>
      HttpResponse.json([
        {
          target: 'claude-code',
          label: 'Claude Code',
          files: 1,
          size: 1,
          losses: 0,
          serious: 0,
        },
        { target: 'codex', label: 'Codex', files: 1, size: 1, losses: 3, serious: 1 },
      ]),
    ),
    http.get(
      `${releases}/:n/targets/:target`,
      preview ?? (() => HttpResponse.json(aPreview())),
    ),
    http.get(
      `${releases}/:n/targets/claude-plugin/files/.claude-plugin/marketplace.json`,
      () => HttpResponse.json({ name: 'ada-kit', plugins: [{ name: 'kit' }] }),
    ),
  );
}

it(
  'asks for a token that reads this team and no more',
  async () => {
    serve();
    await renderApp('/collections/ada/kit/install?target=codex&way=git');
    expect(
      await screen.findByText(/It takes a token with the scope/, {}, LATER),
    ).toHaveTextContent('with the scope read, limited to the team ada.');
    await userEvent.click(
      screen.getByRole('button', { name: 'Make a token for this' }),
    );
    const dialog = await screen.findByRole('dialog', { name: 'New token' }, LATER);
    expect(within(dialog).getByLabelText('Name')).toHaveValue('Install ada/kit');
    expect(within(dialog).getByLabelText('Read')).toBeChecked();
    expect(within(dialog).getByLabelText('Publish')).not.toBeChecked();
    expect(within(dialog).getByLabelText('Ada (ada)')).toBeChecked();
  },
  SLOW,
);

it(
  'asks for none where everybody may read it',
  async () => {
    serve({ collection: { visibility: 'public' }, publicRead: true });
    await renderApp('/collections/ada/kit/install?target=codex&way=git');
    expect(await screen.findByText(/No token needed/, {}, LATER)).toBeVisible();
    expect(screen.queryByText(/ROSTER_TOKEN/)).toBeNull();
    expect(screen.queryByRole('button', { name: 'Make a token for this' })).toBeNull();
  },
  SLOW,
);

it(
  'compares what tools lose, and tells what is lost and which variables it takes',
  async () => {
    const note = { component: 'agent:ada/one@1', path: 'one.toml', becomes: null };
    serve({
      preview: () =>
        HttpResponse.json(
          aPreview({
            losses: 1,
            notes: [
              {
                ...note,
                field: 'color',
                fate: 'dropped',
                weight: 'slight',
                why: 'It has no colours.',
              },
              {
                ...note,
                field: null,
                fate: 'kept',
                weight: 'none',
                why: 'Codex reads it as it is.',
              },
            ],
            variables: [
              {
                name: 'TIDES_TOKEN',
                required: true,
                default: null,
                components: ['server:ada/tides@1'],
              },
            ],
          }),
        ),
    });
    await renderApp('/collections/ada/kit/install?target=codex');
    expect(
      await screen.findByRole('link', { name: 'Codex 3 losses, 1 serious' }, LATER),
    ).toBeVisible();
    expect(await screen.findByText('It has no colours.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'ada/one' })).toHaveAttribute(
      'href',
      '/agents/ada/one?revision=1',
    );
    // Folded away until somebody wants it.
    expect(screen.queryByText('Codex reads it as it is.')).toBeNull();
    expect(
      screen.getByRole('row', { name: 'TIDES_TOKEN Required ada/tides' }),
    ).toBeVisible();
  },
  SLOW,
);

it(
  'shows what Codex takes from a marketplace, which is the plugin',
  async () => {
    const asked: unknown[] = [];
    serve();
    server.use(
      http.get(url('/exports/targets'), () =>
        HttpResponse.json([
          ...TARGETS,
          { name: 'claude-plugin', label: 'Claude plugin', tool: '', description: '' },
        ]),
      ),
      http.get(
        url('/collections/:id/releases/:n/targets/:target'),
        ({ params: { target } }) => {
          asked.push(target);
          return HttpResponse.json(aPreview({ target: `${target}` }));
        },
      ),
    );
    await renderApp('/collections/ada/kit/install?target=codex&way=marketplace');
    expect(
      await screen.findByText(
        /Codex takes what is laid out as Claude plugin/,
        {},
        LATER,
      ),
    ).toBeVisible();
    expect(screen.getByRole('heading', { level: 2, name: 'Codex' })).toBeVisible();
    await userEvent.click(screen.getByRole('link', { name: 'Git' }));
    expect(
      await screen.findByRole('heading', { name: /What gets lost/ }, LATER),
    ).toBeVisible();
    expect(screen.queryByText(/laid out as Claude plugin/)).toBeNull();
    expect(asked).toEqual(['claude-plugin', 'codex']);
  },
  SLOW,
);

it(
  'says that a release is gone when something of it was redacted',
  async () => {
    serve({
      preview: () => problem(410, 'gone', { detail: 'AGENT.md of one was redacted.' }),
    });
    await renderApp('/collections/ada/kit/install?target=codex');
    expect(
      await screen.findByText('Something of this release was redacted', {}, LATER),
    ).toBeVisible();
    expect(screen.getByText(/AGENT.md of one was redacted/)).toBeVisible();
  },
  SLOW,
);

it(
  'has nothing to install before the first release',
  async () => {
    serve({ collection: { latest_release: null } });
    await renderApp('/collections/ada/kit/install');
    expect(await screen.findByText('Nothing to install yet', {}, LATER)).toBeVisible();
  },
  SLOW,
);
