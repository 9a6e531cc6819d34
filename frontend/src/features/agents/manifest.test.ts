import { expect, it } from 'vitest';
import { allowedTools, toolsOf } from './manifest';

it.each([
  [
    { tools: 'Read, Bash(git log, git show), Grep' },
    ['Read', 'Bash(git log, git show)', 'Grep'],
  ],
  [{ tools: ['Read', 7] }, ['Read', '7']],
  [{ tools: '' }, []],
  [{ tools: 'Bash(open' }, ['Bash(open']],
  [{}, null],
])('reads the tools of %j', (manifest, tools) => {
  expect(toolsOf(manifest)).toEqual(tools);
});

it.each([
  [undefined, null],
  ['Read Write, Bash(git log:*)', ['Read', 'Write', 'Bash(git log:*)']],
  [['Read'], ['Read']],
  ['', []],
])('%j allows %j', (allowed, tools) => {
  expect(allowedTools({ 'allowed-tools': allowed })).toEqual(tools);
});
