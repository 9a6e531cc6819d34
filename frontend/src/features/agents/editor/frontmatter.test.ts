import { describe, expect, it } from 'vitest';
import { readForm, removeKey, setField } from './frontmatter';
import { file, ready, rich } from './frontmatter-fixtures';

describe('reading', () => {
  it('gives fields, tools, other keys and the body', () => {
    expect(ready(rich)).toEqual({
      state: 'ready',
      fields: {
        name: 'reviewer',
        description: 'Reads: everything',
        model: 'sonnet',
        color: 'blue',
      },
      tools: ['Read', 'Grep'],
      rows: [
        { key: 'x-owner', raw: '{team:  platform,   since: 2024}' },
        { key: 'hooks', raw: 'PreToolUse:\n  # inner note\n  - matcher: Bash' },
      ],
      body: 'Do it.\n',
    });
  });

  it('shows empty values, and keys without one', () => {
    const form = ready(file('name:\ndescription: ""\nmodel: # to be chosen\n'));
    expect(form.fields).toEqual({ name: '', description: '', model: '' });
    expect(form.tools).toBeNull();
  });

  it('shows numbers and truths as they are written', () => {
    expect(ready(file('name: 1.0\nmodel: yes\ncolor: true\n')).fields).toEqual({
      name: '1.0',
      model: 'yes',
      color: 'true',
    });
  });

  it('leaves values of another shape to their YAML', () => {
    const form = ready(
      file('description: [a, b]\nmodel: &m opus\nsmall: *m\ntools: {Read: true}\n'),
    );
    expect(form.fields).toEqual({});
    expect(form.rows.map(({ key }) => key)).toEqual([
      'description',
      'model',
      'small',
      'tools',
    ]);
  });

  it.each([
    ['an unquoted colon', file('name: a\ndescription: Use: when it rains\n'), 3],
    ['a tab', file('name: a\nhooks:\n\t- x\n'), null],
    ['a key twice', file('name: a\nname: b\n'), 3],
    ['a quote that is not closed', file('name: "a\ndescription: b\n'), null],
    ['a list', file('- name\n'), 2],
    ['one flow map', file('{name: a}\n'), 2],
    ['no end', '---\nname: a\n\nDo it.\n', null],
    ['text before', '\n---\nname: a\n---\n', null],
  ])('says that it is broken: %s', (_, text, line) => {
    const form = readForm(text);
    expect(form.state).toBe('broken');
    if (form.state === 'broken') {
      expect(form.message).toMatch(/^[A-Z].*\.$/s);
      if (line !== null) expect(form.line).toBe(line);
    }
  });

  it('takes a file without front matter as body', () => {
    expect(ready('# Reviewer\n\nDo it.\n\n---\n\nMore.\n').body).toContain('More.');
    expect(ready('').body).toBe('');
  });
});

describe('changing a field', () => {
  it.each([
    [
      'name',
      'critic',
      'name: reviewer   # the short one',
      'name: critic   # the short one',
    ],
    ['description', 'Reads: all', "'Reads: everything'", "'Reads: all'"],
    ['description', 'Reads all', "'Reads: everything'", 'Reads all'],
    ['model', 'opus', '"sonnet"', '"opus"'],
    ['color', 'red', 'color: blue', 'color: red'],
  ] as const)('%s writes that value alone', (field, value, before, after) => {
    expect(setField(rich, field, value)).toBe(rich.replace(before, after));
  });

  it('keeps CRLF', () => {
    const crlf = rich.replaceAll('\n', '\r\n');
    const after = setField(crlf, 'description', 'one\ntwo');
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(after).toContain('description: |-\r\n  one\r\n  two\r\n# what it may use');
    expect(ready(after).fields.description).toBe('one\ntwo');
    expect(setField(after, 'description', 'Reads: everything')).toContain(
      'description: |-\r\n  Reads: everything\r\n# what',
    );
  });

  it('returns to plain when the quotes were needed only in between', () => {
    let text = file('name: a\ndescription: Reads\n');
    for (const typed of ['Reads ', 'Reads a', 'Reads a:', 'Reads a: b', 'Reads a b']) {
      text = setField(text, 'description', typed);
      expect(ready(text).fields.description).toBe(typed);
    }
    expect(text).toBe(file('name: a\ndescription: Reads a b\n'));
  });

  it('keeps the block that holds a long description', () => {
    const folded = file('name: a\ndescription: >\n  one two\n  three\nmodel: x\n');
    const after = setField(folded, 'description', 'one two four\n');
    expect(after).toBe(file('name: a\ndescription: >\n  one two four\nmodel: x\n'));
    const literal = file('name: a\ndescription: |\n  one\n\n  two\n\n# end\n');
    expect(setField(literal, 'description', 'one\n\nthree\n')).toBe(
      file('name: a\ndescription: |\n  one\n\n  three\n\n# end\n'),
    );
  });

  it('keeps one line with escapes one line', () => {
    const text = file(
      'description: "one\\ntwo and a good deal more than forty letters"\n',
    );
    expect(
      setField(text, 'description', 'one\nthree and more than forty letters, too'),
    ).toBe(file('description: "one\\nthree and more than forty letters, too"\n'));
  });

  it('stays before a comment on the line', () => {
    const text = file('description: short # why\nname: a\n');
    expect(setField(text, 'description', 'one\ntwo')).toBe(
      file('description: "one\\ntwo" # why\nname: a\n'),
    );
    expect(setField(file('model: # choose\n'), 'model', 'opus')).toBe(
      file('model: opus # choose\n'),
    );
  });

  it('puts a new key behind the one before it in the form', () => {
    expect(
      setField(file('name: a\ndescription: |\n  b\nx: 1\n'), 'model', 'opus'),
    ).toBe(file('name: a\ndescription: |\n  b\nmodel: opus\nx: 1\n'));
    expect(setField(file('x: 1\n'), 'name', 'a')).toBe(file('name: a\nx: 1\n'));
    expect(setField('---\n---\n', 'name', 'a')).toBe('---\nname: a\n---\n');
  });

  it('makes front matter where there is none', () => {
    const text = setField('Do it.\n', 'description', 'Reads');
    expect(text).toBe('---\ndescription: Reads\n---\n\nDo it.\n');
    expect(setField(text, 'name', 'a')).toBe(
      '---\nname: a\ndescription: Reads\n---\n\nDo it.\n',
    );
  });

  it('removes a key with its line', () => {
    expect(setField(rich, 'color', null)).toBe(rich.replace('color: blue\n', ''));
    expect(removeKey(rich, 'hooks')).toBe(rich.replace(/hooks:[\s\S]*Bash\n/, ''));
    expect(removeKey(rich, 'absent')).toBe(rich);
  });

  const hard = [
    'no',
    'on',
    'null',
    '~',
    '12',
    '2024-01-01',
    ' lead',
    'trail ',
    '- item',
    '#hash',
    'a # b',
    'a: b',
    '"quoted"',
    "it's",
    '[x]',
    '{x}',
    '*star',
    '&and',
    '!bang',
    '%percent',
    '@at',
    '`tick`',
    'tab\there',
    'back\\slash \\n literal',
    '✅ ümläut 🚀',
    '\u200bhidden',
    'a\u2028b',
    'one\ntwo',
    'one\n\n\ntwo\n',
    '\nlead',
    '  deep\nthen\n',
    'end\n\n',
    'space \nline',
    'x\n   ',
    '---',
    'one\n---\ntwo',
    'user: hi\nassistant: there\n<example>\n',
    'a very long line '.repeat(30).trim(),
    `${'folded words '.repeat(20)}\nand ${'more '.repeat(30)}`,
  ];
  const styles = [
    'description: old\n',
    'description: "old"\n',
    "description: 'old'\n",
    'description: |\n  old\n  text\n',
    'description: >-\n  old\n  text\n',
    'description: "old\\ntext"\n',
    'description: old # note\n',
    'description:\n',
    '',
  ];
  it.each(styles)('reads back what was written over %j', (style) => {
    for (const newline of ['\n', '\r\n']) {
      for (const value of hard) {
        const before = file(`name: a\n${style}color: red\n`).replaceAll('\n', newline);
        const form = ready(setField(before, 'description', value));
        expect(form.fields).toEqual({ name: 'a', description: value, color: 'red' });
        expect(form.body.trim()).toBe('Do it.');
      }
    }
  });
});
