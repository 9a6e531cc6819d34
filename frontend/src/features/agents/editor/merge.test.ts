import { describe, expect, it } from 'vitest';
import { clashesOf, composeMerge, mergeRegions } from './merge';

const base = 'one\ntwo\nthree\nfour\nfive\n';

describe('merging', () => {
  it('takes what only one side changed', () => {
    const mine = base.replace('one', 'ONE').replace('three\n', '');
    const theirs = `${base.replace('five', 'FIVE')}six\n`;
    const regions = mergeRegions(mine, base, theirs);
    expect(clashesOf(regions)).toEqual([]);
    expect(composeMerge(regions)).toBe('ONE\ntwo\nfour\nFIVE\nsix\n');
  });

  it('asks where both changed the same lines, and takes mine until then', () => {
    const mine = base.replace('two', 'mine');
    const theirs = base.replace('two', 'theirs').replace('five', 'FIVE');
    const regions = mergeRegions(mine, base, theirs);
    expect(clashesOf(regions)).toEqual([
      { kind: 'clash', mine: 'mine\n', theirs: 'theirs\n', base: 'two\n' },
    ]);
    expect(composeMerge(regions)).toBe('one\nmine\nthree\nfour\nFIVE\n');
    expect(composeMerge(regions, ['theirs'])).toBe('one\ntheirs\nthree\nfour\nFIVE\n');
    expect(composeMerge(regions, ['both'])).toBe(
      'one\nmine\ntheirs\nthree\nfour\nFIVE\n',
    );
  });

  it('does not ask where both made the same change', () => {
    const same = base.replace('two', '2');
    expect(clashesOf(mergeRegions(same, base, same))).toEqual([]);
  });

  it('keeps line endings and a missing last one', () => {
    const crlf = 'a\r\nb\r\nc';
    const regions = mergeRegions('a\r\nB\r\nc', crlf, 'A\r\nb\r\nc');
    // Neighbouring lines are one place.
    expect(composeMerge(regions, ['mine'])).toBe('a\r\nB\r\nc');
    const last = mergeRegions('a\nmine', 'a\nb', 'a\ntheirs');
    expect(composeMerge(last, ['both'])).toBe('a\nmine\ntheirs');
  });

  it('gives back either side whole when nothing is common', () => {
    const regions = mergeRegions('x\n', '', 'y\n');
    expect(composeMerge(regions, ['mine'])).toBe('x\n');
    expect(composeMerge(regions, ['theirs'])).toBe('y\n');
  });
});
