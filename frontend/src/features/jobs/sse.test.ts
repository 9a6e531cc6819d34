import { describe, expect, it } from 'vitest';
import { Reader } from './sse';

describe('a stream of events as text', () => {
  it('is cut anywhere, also inside of an end of line', () => {
    const text = 'id: a\r\nevent: job\r\ndata: {"n":\r\ndata: 1}\r\n\r\n: beat\r\n\r\n';
    for (let at = 0; at <= text.length; at += 1) {
      const reader = new Reader();
      const said = [...reader.push(text.slice(0, at)), ...reader.push(text.slice(at))];
      expect(said).toEqual([{ event: 'job', data: '{"n":\n1}' }]);
      expect(reader.lastId).toBe('a');
    }
  });

  it('moves on with beats, which say nothing', () => {
    const reader = new Reader();
    expect(reader.push(': nothing new\nid: b7\n\n')).toEqual([]);
    expect(reader.lastId).toBe('b7');
  });

  it('does not take what was half said for heard', () => {
    const reader = new Reader();
    reader.push('id: 1\ndata: one\n\nid: 2\nevent: line\ndata: tw');
    reader.begin();
    expect(reader.lastId).toBe('1');
    expect(reader.push('id: 2\ndata: two\n\n')).toEqual([
      { event: 'message', data: 'two' },
    ]);
    expect(reader.lastId).toBe('2');
  });
});
