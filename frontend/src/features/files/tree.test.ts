import { describe, expect, it } from 'vitest';
import { languageOf, lookOf, pathProblem, sizeOf, textOf, treeOf } from './tree';

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

describe('the tree of files', () => {
  it('puts the main file first, then folders, then files', () => {
    const paths = ['b.txt', 'scripts/run.sh', 'SKILL.md', 'a/deep/x.md', 'a/y.md'];
    const tree = treeOf(
      paths.map((path) => ({ path })),
      'SKILL.md',
    );
    expect(tree.map(({ path }) => path)).toEqual(['SKILL.md', 'a', 'scripts', 'b.txt']);
    const [, a] = tree;
    expect(a?.children?.map(({ path }) => path)).toEqual(['a/deep', 'a/y.md']);
    expect(a?.children?.[0]?.children?.[0]?.file).toEqual({ path: 'a/deep/x.md' });
  });

  it('tells what a file can be shown as', () => {
    expect(lookOf('logo.PNG', null)).toBe('image');
    expect(lookOf('a/read.me.md', 'x')).toBe('markdown');
    expect(lookOf('run.sh', 'x')).toBe('text');
    expect(lookOf('logo.svg', '<svg/>')).toBe('text');
    expect(lookOf('data.bin', null)).toBe('binary');
    expect(textOf(bytes('ä\n'))).toBe('ä\n');
    expect(textOf(bytes('a\0b'))).toBeNull();
    expect(textOf(new Uint8Array([0xff, 0xfe, 0x00]).buffer)).toBeNull();
    expect(languageOf('x/config.json')).toBe('json');
    expect(languageOf('x.md')).toBe('agent');
    expect(languageOf('Makefile')).toBe('plain');
  });

  it('says sizes for people', () => {
    expect(sizeOf(0)).toBe('0 B');
    expect(sizeOf(1536)).toBe('1.5 KiB');
    expect(sizeOf(3 * 1024 * 1024)).toBe('3 MiB');
  });

  it('refuses paths that cannot be', () => {
    const taken = ['a/b.md', 'run'];
    expect(pathProblem('c.md', taken, 'SKILL.md')).toBeNull();
    for (const wrong of [' ', '/x', 'a//b', '../x', 'skill.md', 'run', 'a', 'run/x']) {
      expect(pathProblem(wrong, taken, 'SKILL.md'), wrong).not.toBeNull();
    }
  });
});
