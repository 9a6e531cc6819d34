import { describe, expect, it } from 'vitest';
import { dark, light, type SchemeTokens } from './tokens';

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['canvas', 'surface', 'sunken', 'hover'] as const;
const texts = [
  'text',
  'textSecondary',
  'textMuted',
  'accentText',
  'error',
  'warning',
  'info',
  'fine',
  'synKey',
  'synString',
  'synNumber',
  'synHeading',
  'synMark',
] as const;
const pairs: [keyof SchemeTokens, keyof SchemeTokens][] = [
  ...texts.flatMap((text) =>
    grounds.map((ground): [keyof SchemeTokens, keyof SchemeTokens] => [text, ground]),
  ),
  ['text', 'selected'],
  ['textSecondary', 'selected'],
  ['textMuted', 'selected'],
  ['accentOn', 'accent'],
  ['accentOn', 'accentHover'],
  ['accentOn', 'danger'],
  ['accentOn', 'dangerHover'],
  ['accentText', 'accentSoft'],
  ['error', 'errorSoft'],
  ['warning', 'warningSoft'],
  ['info', 'infoSoft'],
  ['fine', 'fineSoft'],
  ['text', 'errorSoft'],
  ['text', 'fineSoft'],
  ['kindAgent', 'kindAgentSoft'],
  ['kindSkill', 'kindSkillSoft'],
  ['kindCommand', 'kindCommandSoft'],
  ['kindServer', 'kindServerSoft'],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, tokens) => {
  it.each(pairs)('%s on %s can be read', (text, ground) => {
    expect(contrast(tokens[text], tokens[ground])).toBeGreaterThanOrEqual(4.5);
  });
});
