import { expect, it } from 'vitest';
import { countOf, fileNameOf, KINDS, kindAt, kindOf, oneOf, placeOf } from './kinds';

it('finds kinds by their name and by their place', () => {
  for (const kind of KINDS) {
    expect(kindOf(kind.name)).toBe(kind);
    expect(kindAt(kind.plural)).toBe(kind);
  }
  expect(kindAt('imports')).toBeUndefined();
  // One that came after this app was loaded.
  expect(kindOf('hook').name).toBe('agent');
});

it('counts and names them', () => {
  expect(countOf(kindOf('skill'), 1)).toBe('1 skill');
  expect(countOf(kindOf('server'), 1200)).toBe('1,200 servers');
  expect(KINDS.map(oneOf)).toEqual(['an agent', 'a skill', 'a command', 'a server']);
});

it('says where a component is, and what its file is called', () => {
  const component = { kind: 'command', team: { slug: 'ada' }, name: 'tidy' };
  expect(placeOf(component)).toEqual({ plural: 'commands', team: 'ada', name: 'tidy' });
  expect(fileNameOf(component)).toBe('tidy.md');
  expect(fileNameOf({ kind: 'skill', name: 'notes' })).toBe('SKILL.md');
  expect(fileNameOf({ kind: 'server', name: 'files' })).toBe('files.json');
});
