import { describe, expect, it, vi } from 'vitest';
import { addLines, catchUp, knownUntil, TAIL, textOf } from './log';
import { aLine } from './test-support';

const log = (...numbers: number[]) => ({
  lines: numbers.map((one) => aLine(one)),
  isRead: true,
});
const numbersOf = ({ lines }: ReturnType<typeof log>) =>
  lines.map(({ number }) => number);

describe('a log', () => {
  it('takes lines once, in their order, however they come', () => {
    const first = addLines(log(), [aLine(1), aLine(2)]);
    const again = addLines(first, [aLine(2), aLine(3)]);
    expect(numbersOf(again)).toEqual([1, 2, 3]);
    expect(numbersOf(addLines(log(4, 6), [aLine(5), aLine(3)]))).toEqual([3, 4, 5, 6]);
  });

  it('knows where the first hole is', () => {
    expect(knownUntil(log())).toBe(0);
    expect(knownUntil(log(1, 2, 3))).toBe(3);
    expect(knownUntil(log(7, 8, 10, 11))).toBe(8);
  });

  it('reads only the end of a long one at first', async () => {
    const read = vi.fn(async (after: number) => [aLine(after + 1)]);
    await catchUp(() => undefined, TAIL + 500, read);
    expect(read).toHaveBeenCalledExactlyOnceWith(500);
  });

  it('does not take what was told while it was read for all of it', async () => {
    const read = vi.fn(async (after: number) => [aLine(after + 1), aLine(after + 2)]);
    const told = { ...log(3), isRead: false };
    const whole = await catchUp(() => told, 3, read);
    expect(read).toHaveBeenCalledExactlyOnceWith(0);
    expect(numbersOf(whole)).toEqual([1, 2, 3]);
    expect(whole.isRead).toBe(true);
  });

  it('reads what is missing, and keeps what came meanwhile', async () => {
    let known = log(1, 2, 5);
    const read = vi.fn(async () => {
      known = log(1, 2, 5, 6);
      return [aLine(3), aLine(4), aLine(5)];
    });
    const whole = await catchUp(() => known, 5, read);
    expect(read).toHaveBeenCalledExactlyOnceWith(2);
    expect(numbersOf(whole)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is copied with times, and with levels that matter', () => {
    const failed = aLine(2, { level: 'error', message: 'It broke' });
    expect(textOf([aLine(1), failed])).toBe(
      '2026-01-31T12:00:02Z Line 1\n2026-01-31T12:00:02Z ERROR It broke',
    );
  });
});
