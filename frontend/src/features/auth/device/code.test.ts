import { expect, it } from 'vitest';
import { isWholeCode, shownCode } from './code';

it('shows a code as the device does, however it is typed', () => {
  for (const typed of ['wdjbmjht', 'WDJB-MJHT', ' wdjb mjht ', 'wdjb—mjht, then']) {
    expect(shownCode(typed)).toBe('WDJB-MJHT');
  }
  expect(['', 'w', 'wdjb', 'wdjbm', 'wdjb-'].map(shownCode)).toEqual([
    '',
    'W',
    'WDJB',
    'WDJB-M',
    'WDJB',
  ]);
});

it('knows when it is whole', () => {
  expect(isWholeCode('wdjb mjht')).toBe(true);
  expect(isWholeCode('wdjb mjh')).toBe(false);
});
