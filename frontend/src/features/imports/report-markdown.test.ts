import { expect, it } from 'vitest';
import { reportMarkdown } from './report-markdown';
import { aFile, anImport } from './test-support';

it('tells what became of each file, and why others were refused', () => {
  const files = [
    aFile('a/tester.md', {
      decision: 'repaired',
      result: { outcome: 'created', component_id: 'c1', number: 1 },
    }),
    aFile('b/other.md', { decision: 'skip', result: { outcome: 'skipped' } }),
    aFile('c/bad|name.md', {
      outcome: 'refused',
      reason: 'Not *text*.\nSay | more.',
      place: 'file.encoding, line 3',
    }),
  ];
  const of = anImport(files, {
    state: 'applied',
    source: 'repository',
    origin: 'https://forge.example/ada/tools.git',
    commit: '0123456789abcdef',
    results: { created: 1, published: 0, unchanged: 0, reused: 0, skipped: 1 },
  });
  const text = reportMarkdown(of, files, 'https://roster.example/imports/i1');
  expect(text).toBe(`## Import into ada: 1 agent created, 1 file skipped

From forge.example/ada/tools@0123456789.

Left aside: 12 skills, 3 commands.

https://roster.example/imports/i1

### Created (1)

| Name | File | How |
| --- | --- | --- |
| tester | \`a/tester.md\` | revision 1, repaired |

### Skipped (1)

| Name | File | How |
| --- | --- | --- |
| other | \`b/other.md\` | skipped |

### Refused (1)

| File | Why | Where |
| --- | --- | --- |
| c/bad\\|name.md | Not \\*text\\*. Say \\| more. | file.encoding, line 3 |
`);
});

it('cuts what is too long for a message', () => {
  const files = Array.from({ length: 502 }, (_, index) =>
    aFile(`${index}.md`, { result: { outcome: 'unchanged' } }),
  );
  const of = anImport(files, {
    results: { created: 0, published: 0, unchanged: 502, reused: 0, skipped: 0 },
  });
  const text = reportMarkdown(of, files, 'https://roster.example/imports/i1');
  expect(text).toContain('### Unchanged (502)');
  expect(text).toContain('…and 2 more.');
  expect(text).not.toContain('501.md');
});
