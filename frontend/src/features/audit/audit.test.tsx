import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/api/types';
import { renderApp } from '@/features/agents/test-support';
import { aMember, aTeam, serveTeam } from '@/features/teams/test-support';
import { ada, problem, server, url } from '@/test/server';
import { readAuditSearch, toAuditQuery, withFilter } from './search';
import { ACTIONS, sentenceOf, valueText } from './words';

const me = { id: ada.id, username: 'ada' };

function anEvent(action: string, change: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: `event-${action}`,
    created_at: '2026-05-01T12:00:00Z',
    action,
    actor: me,
    token_id: null,
    session_id: 'session-1',
    team_id: 'team-1',
    target: { kind: 'team', id: 'team-1', name: 'harbour' },
    address: '192.0.2.7',
    request_id: 'req-7',
    details: {},
    seq: 12,
    ...change,
  };
}

describe('sentenceOf', () => {
  const told = (event: AuditEvent) => {
    const { who, did, what } = sentenceOf(event);
    return `${who} ${did} ${what}`.trim();
  };
  const user = (name: string) => ({ kind: 'user', id: `user-${name}`, name });
  const self = { kind: 'user', id: ada.id, name: 'ada' };

  it.each([
    [anEvent('team.renamed'), 'ada renamed the team harbour'],
    [anEvent('user.deactivated', { target: user('bea') }), 'ada deactivated bea'],
    [
      anEvent('password.changed', { target: self }),
      'ada changed the password of their account',
    ],
    [anEvent('member.added', { target: self }), 'ada joined the team'],
    [
      anEvent('sign_in.failed', { actor: null, target: user('bea') }),
      'Somebody failed to sign in as bea',
    ],
    [
      anEvent('sign_in.failed', {
        actor: null,
        target: { kind: 'user', id: null, name: '' },
      }),
      'Somebody failed to sign in',
    ],
    [
      anEvent('invitation.created', {
        target: { kind: 'invitation', id: 'i', name: 'link' },
      }),
      'ada invited whoever has the link',
    ],
    [
      anEvent('audit.retained', {
        actor: null,
        target: { kind: 'audit', id: null, name: '' },
      }),
      'Roster removed old audit events',
    ],
    [anEvent('boat.sunk'), 'ada boat.sunk harbour'],
  ])('%#', (event, sentence) => expect(told(event)).toBe(sentence));

  it('has words for every action that can be chosen', () => {
    for (const action of ACTIONS)
      expect(sentenceOf(anEvent(action)).did).not.toBe(action);
  });
});

it('writes values as a person would', () => {
  expect([null, true, ['a', 2], [], { a: 1 }, 'x'].map(valueText)).toEqual([
    'none',
    'yes',
    'a, 2',
    'none',
    '{"a":1}',
    'x',
  ]);
});

describe('the address of a log', () => {
  it('keeps what means something', () => {
    expect(
      readAuditSearch({
        action: 'team.renamed',
        actor: 12,
        since: '2026-13-40',
        until: '2026-05-01',
        target: ' ',
        other: 'x',
      }),
    ).toEqual({ action: 'team.renamed', actor: '12', until: '2026-05-01' });
  });

  it('includes the last day, as it is here', () => {
    const query = toAuditQuery({ since: '2026-05-01', until: '2026-05-01' });
    expect(query.since).toBe(new Date(2026, 4, 1).toISOString());
    expect(query.until).toBe(new Date(2026, 4, 2).toISOString());
  });

  it('drops a filter that was emptied', () => {
    expect(withFilter({ actor: 'bea', action: 'a.b' }, 'actor', ' ')).toEqual({
      action: 'a.b',
    });
  });
});

const page = (items: AuditEvent[]) => HttpResponse.json({ items, next_cursor: null });

it('filters by the address, shows particulars, and exports what is shown', async () => {
  const asked: URL[] = [];
  serveTeam(aTeam(), [aMember('ada', { role: 'owner' })]);
  server.use(
    http.get(url('/audit-events'), ({ request }) => {
      asked.push(new URL(request.url));
      if (request.headers.get('Accept') === 'application/x-ndjson') {
        return problem(429, 'too-many-requests', { detail: 'Wait a moment.' });
      }
      return page([
        anEvent('team.renamed', {
          details: { from: 'quay', to: 'harbour' },
          seq: null,
        }),
      ]);
    }),
  );
  const router = await renderApp('/teams/harbour/audit?actor=ada');
  const line = await screen.findByRole('button', { name: /renamed the team/ });
  expect(line).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(line);
  const entry = within(screen.getByRole('list', { name: 'Events' }));
  expect(entry.getByText('quay')).toBeVisible();
  expect(entry.getByText('192.0.2.7')).toBeVisible();
  expect(entry.getByText('Not sealed yet')).toBeVisible();

  await userEvent.selectOptions(screen.getByLabelText('Action'), 'team.renamed');
  await userEvent.type(screen.getByLabelText('Target'), 'harbour{Enter}');
  await waitFor(() =>
    expect(router.state.location.search).toEqual({
      action: 'team.renamed',
      actor: 'ada',
      target: 'harbour',
    }),
  );
  await waitFor(() => expect(asked.at(-1)?.searchParams.get('target')).toBe('harbour'));
  expect(asked.at(-1)?.searchParams.get('team')).toBe('harbour');

  await userEvent.click(screen.getByRole('button', { name: 'Export as NDJSON' }));
  expect(await screen.findByText('Wait a moment.')).toBeVisible();
  expect(asked.at(-1)?.search).toBe(
    '?actor=ada&action=team.renamed&target=harbour&team=harbour',
  );
});

it('says what makes a log empty', async () => {
  server.use(http.get(url('/audit-events'), () => page([])));
  const router = await renderApp('/admin/audit?actor=bea');
  expect(await screen.findByText('No event is like that')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }));
  expect(await screen.findByText('Nothing happened yet')).toBeVisible();
  expect(router.state.location.search).toEqual({});
});
