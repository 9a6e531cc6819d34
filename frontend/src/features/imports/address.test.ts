import { describe, expect, it } from 'vitest';
import { addressProblem, readAddress, shortAddress } from './address';

describe('readAddress', () => {
  it.each([
    ['https://forge.example/ada/tools', { url: 'https://forge.example/ada/tools' }],
    ['  https://forge.example/ada/tools/ ', { url: 'https://forge.example/ada/tools' }],
    ['forge.example/ada/tools', { url: 'https://forge.example/ada/tools' }],
    ['git@forge.example:ada/tools.git', { url: 'https://forge.example/ada/tools.git' }],
    [
      'ssh://git@forge.example/ada/tools.git',
      { url: 'https://forge.example/ada/tools.git' },
    ],
    [
      'https://forge.example/ada/tools/tree/next/agents/review',
      { url: 'https://forge.example/ada/tools', ref: 'next', folder: 'agents/review' },
    ],
    [
      'https://forge.example/ada/tools/-/tree/main',
      { url: 'https://forge.example/ada/tools', ref: 'main' },
    ],
    [
      'https://forge.example/ada/tools/src/branch/main/my%20agents',
      { url: 'https://forge.example/ada/tools', ref: 'main', folder: 'my agents' },
    ],
    ['file:///etc', { url: 'file:///etc' }],
    ['tools', { url: 'tools' }],
  ])('reads %s', (pasted, read) => expect(readAddress(pasted)).toEqual(read));
});

it.each([
  ['https://forge.example/ada/tools', null],
  ['http://127.0.0.1:8000/tools', null],
  ['', /Enter/],
  ['tools', /like https/],
  ['file:///etc', /like https/],
  ['ssh://forge.example/tools', /https address/],
  ['https://ada:secret@forge.example/tools', /own field/],
])('says what is wrong with %s', (text, problem) => {
  if (problem === null) expect(addressProblem(text)).toBeNull();
  else expect(addressProblem(text)).toMatch(problem);
});

it('shortens an address to what it is called', () => {
  expect(shortAddress('https://forge.example/ada/tools.git/')).toBe(
    'forge.example/ada/tools',
  );
});
