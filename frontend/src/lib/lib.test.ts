import { describe, expect, it } from 'vitest';
import { applyFixes, replacement } from './fixes';
import { safeNext } from './next';
import { relativeTime } from './time';

describe('applyFixes', () => {
  const fix = (start: number, end: number, text: string) => ({
    title: 'Fix',
    safe: true,
    edits: [{ start, end, text }],
  });

  it('counts code points, not UTF-16 units', () => {
    expect(applyFixes('🚀 go: now', [fix(2, 4, '"go"')])).toBe('🚀 "go": now');
  });

  it('refuses edits that overlap', () => {
    expect(() => applyFixes('abcdef', [fix(0, 3, 'x'), fix(2, 4, 'y')])).toThrow(
      RangeError,
    );
  });

  it('finds the smallest replacement', () => {
    expect(replacement('name: a: b', 'name: "a: b"')).toEqual({
      from: 6,
      to: 10,
      insert: '"a: b"',
    });
    expect(replacement('aa', 'aaa')).toEqual({ from: 2, to: 2, insert: 'a' });
  });
});

describe('safeNext', () => {
  it.each([
    ['/agents?q=a&sort=-name', '/agents?q=a&sort=-name'],
    ['//elsewhere.example', '/'],
    ['/\\elsewhere.example', '/'],
    ['https://elsewhere.example', '/'],
    [undefined, '/'],
  ])('%s leads to %s', (value, expected) => {
    expect(safeNext(value)).toBe(expected);
  });
});

describe('relativeTime', () => {
  const now = new Date('2026-05-01T12:00:00Z');
  it.each([
    ['2026-05-01T11:59:50Z', 'just now'],
    ['2026-05-01T11:57:00Z', '3 minutes ago'],
    ['2026-04-30T11:00:00Z', 'yesterday'],
    ['2026-04-01T12:00:00Z', '4 weeks ago'],
    ['2026-05-01T12:00:50Z', 'in a minute'],
    ['2026-05-07T11:59:00Z', 'in 6 days'],
  ])('%s is %s', (at, expected) => {
    expect(relativeTime(new Date(at), now)).toBe(expected);
  });
});
