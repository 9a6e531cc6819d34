import { describe, expect, it } from 'vitest';
import { isHigher, rolesIn, slugError, slugOf } from './words';

describe('slugOf', () => {
  it.each([
    ['Harbour crew', 'harbour-crew'],
    ['  Équipe  Nº 5! ', 'equipe-no-5'],
    ['— —', ''],
    [
      'A name that is longer than any address may be',
      'a-name-that-is-longer-than-any-address-m',
    ],
  ])('%s suggests %s', (name, slug) => expect(slugOf(name)).toBe(slug));

  it('suggests nothing that it would refuse', () => {
    for (const name of ['x'.repeat(39).concat(' y'), 'Ops & data', 'ß-Team']) {
      expect(slugError(slugOf(name))).toBeNull();
    }
  });
});

it('knows what cannot be an address', () => {
  expect(slugError('')).toBe('Choose an address');
  expect(slugError('Harbour')).toMatch(/^Use lower-case letters/);
  expect(slugError('a--b')).toMatch(/^Use lower-case letters/);
  expect(slugError('a'.repeat(41))).toBe('Use 40 characters or fewer');
});

it('leaves a personal team its one owner', () => {
  expect(rolesIn({ is_personal: true })).toEqual(['editor', 'viewer']);
  expect(rolesIn({ is_personal: false })).toEqual(['owner', 'editor', 'viewer']);
  expect(isHigher('owner', 'editor')).toBe(true);
  expect(isHigher('viewer', 'viewer')).toBe(false);
});
