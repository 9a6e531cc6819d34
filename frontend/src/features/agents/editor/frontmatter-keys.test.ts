import { describe, expect, it } from 'vitest';
import { linesBeforeBody, setBody, setRaw, setTools } from './frontmatter';
import { file, ready, rich } from './frontmatter-fixtures';
import { splitTools } from './yaml-values';

describe('changing tools', () => {
  it('keeps the commas', () => {
    const text = file('tools: Read, Agent(one, two)\n');
    expect(ready(text).tools).toEqual(['Read', 'Agent(one, two)']);
    expect(setTools(text, ['Read', 'Agent(one, two)', 'Bash'])).toBe(
      file('tools: Read, Agent(one, two), Bash\n'),
    );
  });

  it('keeps the list, its comments and quotes', () => {
    expect(setTools(rich, ['Read', 'Grep', 'Bash'])).toBe(
      rich.replace('  - "Grep"\n', '  - "Grep"\n  - Bash\n'),
    );
    expect(setTools(file('tools: [Read, Grep]\n'), ['Grep', 'Bash'])).toBe(
      file('tools: [Grep, Bash]\n'),
    );
    expect(setTools(file('tools:\n- Read\nmodel: x\n'), ['Read', 'no'])).toBe(
      file('tools:\n- Read\n- "no"\nmodel: x\n'),
    );
  });

  it('means all tools when none is named', () => {
    expect(setTools(file('name: a\ntools: Read\n'), [])).toBe(file('name: a\n'));
    expect(setTools(file('name: a\nmodel: x\n'), ['Read', 'Bash'])).toBe(
      file('name: a\ntools: Read, Bash\nmodel: x\n'),
    );
  });

  it('splits outside parentheses only', () => {
    expect(splitTools('Bash(git log, git diff), Read,, mcp__x__y ')).toEqual([
      'Bash(git log, git diff)',
      'Read',
      'mcp__x__y',
    ]);
  });
});

describe('changing another key', () => {
  it.each([
    ['x-owner', 'platform', 'x-owner: platform\n'],
    [
      'x-owner',
      'team: platform\nsince: 2024',
      'x-owner:\n  team: platform\n  since: 2024\n',
    ],
    ['x-owner', '- a\n- b', 'x-owner:\n  - a\n  - b\n'],
    ['x-owner', '- a', 'x-owner:\n  - a\n'],
    ['x-owner', '|\none\n two', 'x-owner: |\n  one\n   two\n'],
    ['x-owner', '', 'x-owner:\n'],
  ])('%s to %j', (key, raw, line) => {
    const after = setRaw(rich, key, raw);
    expect(after).toBe(rich.replace(/x-owner: .*\n/, line));
    expect(ready(after ?? '').rows[0]).toEqual({ key, raw });
  });

  it('gives back every row unchanged', () => {
    for (const newline of ['\n', '\r\n']) {
      const text = rich.replaceAll('\n', newline);
      for (const { key, raw } of ready(text).rows)
        expect(setRaw(text, key, raw)).toBe(text);
    }
  });

  it.each([
    ['x-owner', '{a: '],
    ['x-owner', 'a: b: c'],
    ['x-owner', 'one\n---\nname: evil'],
    ['not a key', 'x'],
  ])('refuses %s: %j', (key, raw) => {
    expect(setRaw(rich, key, raw)).toBeNull();
  });

  it('adds a key at the end', () => {
    expect(setRaw(file('name: a\n'), 'maxTurns', '12')).toBe(
      file('name: a\nmaxTurns: 12\n'),
    );
    expect(setRaw('Do it.', 'maxTurns', '12')).toBe('---\nmaxTurns: 12\n---\n\nDo it.');
  });
});

describe('changing the body', () => {
  it('leaves the front matter and the line below it', () => {
    expect(setBody(rich, 'New.\n')).toBe(rich.replace('Do it.', 'New.'));
    expect(setBody('Only text.', 'Other.')).toBe('Other.');
  });

  it('keeps CRLF in a body that had one line', () => {
    const text = '---\r\nname: a\r\n---\r\nDo it.';
    expect(setBody(text, 'Do it.\nNow.')).toBe(`${text}\r\nNow.`);
  });

  it('knows the line on which the body begins', () => {
    const text = file('name: a\n', '\nDo it.\n');
    expect(linesBeforeBody(text, ready(text).body)).toBe(4);
  });
});
