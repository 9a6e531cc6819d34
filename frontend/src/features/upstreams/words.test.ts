import { describe, expect, it } from 'vitest';
import { readRepositorySearch } from './search';
import { aConflict, anUpstream, aRepository, COMMIT } from './test-support';
import {
  checkOf,
  explain,
  fileChanges,
  filePageOf,
  shortUrl,
  standingOf,
} from './words';

describe('how a component stands to its upstream', () => {
  it('is what a person should look at first', () => {
    const stands = (state: 'current' | 'available' | 'gone', is_pinned = false) =>
      standingOf({ state, is_pinned });
    expect(stands('current')).toBe('current');
    expect(stands('available')).toBe('available');
    expect(stands('available', true)).toBe('pinned');
    expect(stands('gone', true)).toBe('gone');
  });

  it('says what became of changes made here', () => {
    const changed = anUpstream({ state: 'current', has_local_changes: true });
    expect(explain(changed)).toBe(
      'Nothing new came upstream. It was changed here since it was taken; those changes are never overwritten.',
    );
    expect(explain(anUpstream({ is_pinned: true }))).toContain('but it is pinned');
    expect(explain(anUpstream({ state: 'gone' }))).toContain('It stays here.');
  });
});

describe('the last check', () => {
  it('is told by what is left to do', () => {
    const said = (change: Parameters<typeof aRepository>[0]) =>
      checkOf(aRepository(change)).join(': ');
    const job = { id: 'j', state: 'running', step: '', done: 0, total: null } as const;
    expect(said({ outcome: null })).toBe('never: As imported');
    expect(said({ outcome: null, components: 0 })).toBe('never: Not checked yet');
    expect(said({ outcome: 'updates', updates: 1 })).toBe('updates: 1 update');
    expect(said({ outcome: 'updates', updates: 0 })).toBe('unchanged: Up to date');
    expect(said({ outcome: 'failed', updates: 2 })).toBe('failed: Check failed');
    expect(said({ outcome: 'failed', job })).toBe('running: Checking');
  });
});

describe('where it leads', () => {
  it('is the file in its commit, where the host is known', () => {
    const at = (url: string, folder = '') =>
      filePageOf(
        anUpstream({ repository: { id: 'r', url, ref: '', folder }, path: 'a b.md' }),
      );
    expect(at('https://github.com/acme/agents.git', 'docs')).toBe(
      `https://github.com/acme/agents/blob/${COMMIT}/docs/a%20b.md`,
    );
    expect(at('https://gitlab.example.org/acme/agents')).toBe(
      `https://gitlab.example.org/acme/agents/-/blob/${COMMIT}/a%20b.md`,
    );
    expect(at('https://codeberg.org/acme/agents')).toContain(`/src/commit/${COMMIT}/`);
    expect(at('https://git.example.org/acme/agents')).toBeNull();
    expect(at('http://127.0.0.1:8000/agents.git')).toBeNull();
    expect(shortUrl('https://github.com/acme/agents.git')).toBe(
      'github.com/acme/agents',
    );
  });

  it('takes a team from the address, and nothing odd', () => {
    expect(readRepositorySearch({ team: 'harbour' })).toEqual({ team: 'harbour' });
    expect(readRepositorySearch({ team: 12 })).toEqual({ team: '12' });
    expect(readRepositorySearch({ team: 'No Team', x: 1 })).toEqual({});
  });
});

it('tells of other files only what happens by itself', () => {
  const [open] = aConflict().files;
  const files = [
    ...aConflict().files,
    { path: 'a.md', base: 'b', mine: 'b', theirs: 't', side: 'theirs' as const },
    { path: 'b.md', base: 'b', mine: 'b', theirs: null, side: 'theirs' as const },
    { path: 'c.md', base: 'b', mine: 'm', theirs: 'b', side: 'mine' as const },
  ];
  expect(open?.side).toBeNull();
  expect(fileChanges(files)).toEqual([
    { path: 'notes/new.md', change: 'added' },
    { path: 'a.md', change: 'changed' },
    { path: 'b.md', change: 'removed' },
  ]);
});
