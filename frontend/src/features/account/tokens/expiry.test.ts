import { expect, it } from 'vitest';
import { defaultExpiry, expiryChoices, stateOf } from './expiry';

const labels = (longest: number | null) =>
  expiryChoices(longest).map(({ label }) => label);

it('offers no longer life than the instance allows', () => {
  expect(labels(365)).toEqual(['7 days', '30 days', '90 days', '180 days', '365 days']);
  expect(labels(60)).toEqual(['7 days', '30 days', '60 days']);
  expect(labels(1)).toEqual(['1 day']);
  expect(labels(null).at(-1)).toBe('No end');
  expect([defaultExpiry(365), defaultExpiry(30), defaultExpiry(null)]).toEqual([
    '90',
    '30',
    '90',
  ]);
});

it('knows what has ended and what ends soon', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  const state = (expires_at: string | null, revoked_at: string | null = null) =>
    stateOf({ expires_at, revoked_at }, now);
  expect(state(null)).toBe('good');
  expect(state('2026-06-01T12:00:00Z')).toBe('good');
  expect(state('2026-05-04T11:00:00Z')).toBe('soon');
  expect(state('2026-05-01T12:00:00Z')).toBe('expired');
  expect(state(null, '2026-05-01T11:00:00Z')).toBe('revoked');
});
