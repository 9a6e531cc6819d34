import type { ApiTokenPublic } from '../types';

const PRESETS = [7, 30, 90, 180, 365];
export const DEFAULT_DAYS = 90;
const SOON_MS = 3 * 86_400_000;

/** The lives to choose from; "" is one without end, where the instance allows it. */
export function expiryChoices(
  longest: number | null,
): { value: string; label: string }[] {
  const days = PRESETS.filter((one) => longest === null || one <= longest);
  if (longest !== null && !days.includes(longest)) days.push(longest);
  const choices = days.map((one) => ({
    value: `${one}`,
    label: one === 1 ? '1 day' : `${one} days`,
  }));
  return longest === null ? [...choices, { value: '', label: 'No end' }] : choices;
}

export function defaultExpiry(longest: number | null): string {
  return `${longest === null ? DEFAULT_DAYS : Math.min(DEFAULT_DAYS, longest)}`;
}

export type TokenState = 'good' | 'soon' | 'expired' | 'revoked';

export function stateOf(
  { expires_at, revoked_at }: Pick<ApiTokenPublic, 'expires_at' | 'revoked_at'>,
  now = Date.now(),
): TokenState {
  if (revoked_at) return 'revoked';
  if (!expires_at) return 'good';
  const left = Date.parse(expires_at) - now;
  if (left <= 0) return 'expired';
  return left < SOON_MS ? 'soon' : 'good';
}
