import { expect, it } from 'vitest';
import { toolsOf } from './manifest';

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
