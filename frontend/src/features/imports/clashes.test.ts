import { expect, it } from 'vitest';
import { clashesOf } from './clashes';
import { aFile } from './test-support';

it('tells names of one kind from the same names of another', () => {
  const commands = ['a/commit.md', 'b/commit.md'];
  const skills = ['c/commit/SKILL.md', 'd/commit/SKILL.md'];
  const clashes = clashesOf([
    ...commands.map((path) => aFile(path, { kind: 'command', name: 'commit' })),
    ...skills.map((path) => aFile(path, { kind: 'skill', name: 'commit' })),
  ]);
  expect(clashes.map(({ name }) => name)).toEqual(['commit', 'commit']);
  expect(clashes.map(({ files }) => files.map(({ path }) => path))).toEqual([
    commands,
    skills,
  ]);
});
