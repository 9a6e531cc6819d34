import { describe, expect, it } from 'vitest';
import { kindOf } from '@/features/kinds/kinds';
import { withName } from './name-in-text';
import {
  listOf,
  pairsOf,
  readServer,
  transportOf,
  withKey,
  withServerName,
  withTransport,
} from './server-json';

const WRAPPED = `{
    "$schema": "x",
    "mcpServers": {
        "tickets": {
            "command": "npx",
            "more": [1, { "a": null }],
            "args": ["-y", "tickets@1.0.0"]
        }
    }
}
`;

describe('the form of a server', () => {
  it('finds the server under its name, or alone', () => {
    expect(readServer(WRAPPED)).toMatchObject({
      state: 'ready',
      name: 'tickets',
      server: { command: 'npx' },
    });
    expect(readServer('{"command": "x"}')).toMatchObject({ name: null });
  });

  it.each(['', '{', '[]', '"x"', '{"mcpServers": {}}', '{"mcpServers": {"a": 1}}'])(
    'says that %j is none',
    (text) => {
      expect(readServer(text).state).toBe('broken');
      expect(withKey(text, 'command', 'x')).toBe(text);
      expect(withServerName(text, 'x')).toBe(text);
    },
  );

  it('changes one value, and leaves order, indentation and other keys', () => {
    const after = withKey(WRAPPED, 'command', 'uvx');
    expect(JSON.parse(after)).toEqual({
      $schema: 'x',
      mcpServers: {
        tickets: {
          command: 'uvx',
          more: [1, { a: null }],
          args: ['-y', 'tickets@1.0.0'],
        },
      },
    });
    expect(Object.keys(JSON.parse(after).mcpServers.tickets)).toEqual([
      'command',
      'more',
      'args',
    ]);
    expect(after).toContain('\n    "mcpServers"');
    expect(after.endsWith('}\n')).toBe(true);
    expect(JSON.parse(withKey(WRAPPED, 'args', undefined)).mcpServers.tickets).toEqual({
      command: 'npx',
      more: [1, { a: null }],
    });
    expect(withKey('{"command": "x"}', 'command', 'y')).toBe('{\n  "command": "y"\n}');
  });

  it('is called otherwise by its key', () => {
    expect(readServer(withServerName(WRAPPED, 'issues'))).toMatchObject({
      name: 'issues',
    });
    const server = kindOf('server');
    expect(withName(server, WRAPPED, 'a')).toBe(withServerName(WRAPPED, 'a'));
  });

  it('is reached in another way', () => {
    const far = withTransport(WRAPPED, 'http');
    expect(readServer(far)).toMatchObject({
      server: { type: 'http', url: '', more: [1, { a: null }] },
    });
    const near = readServer(withTransport(far, 'stdio'));
    expect(near).toMatchObject({ server: { command: '' } });
    expect(near.state === 'ready' && Object.keys(near.server)).toEqual([
      'command',
      'more',
    ]);
  });

  it.each([
    [{ command: 'x' }, 'stdio'],
    [{ type: 'local', command: 'x' }, 'stdio'],
    [{ url: 'x' }, 'http'],
    [{ type: 'sse', url: 'x' }, 'sse'],
    [{}, 'stdio'],
  ])('%j speaks %s', (server, transport) => {
    expect(transportOf(server)).toBe(transport);
  });

  it('shows only what its fields can hold', () => {
    expect(listOf(undefined)).toEqual([]);
    expect(listOf(['a'])).toEqual(['a']);
    expect(listOf([1])).toBeNull();
    expect(listOf('a')).toBeNull();
    expect(pairsOf(undefined)).toEqual([]);
    expect(pairsOf({ a: 'b' })).toEqual([['a', 'b']]);
    expect(pairsOf({ a: 1 })).toBeNull();
    expect(pairsOf([])).toBeNull();
  });
});
