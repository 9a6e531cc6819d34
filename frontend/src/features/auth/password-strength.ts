export const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 1024;
export const PASSWORD_RULES = `${MIN_PASSWORD} characters or more, of any kind: a few words make a good one. Those that everybody uses are refused.`;

export interface Strength {
  level: 0 | 1 | 2 | 3 | 4;
  word: string;
}

/** What is wrong with a chosen password before the server is asked. */
export function passwordFault(password: string): string | null {
  const length = [...password].length;
  if (length < MIN_PASSWORD) return `Use ${MIN_PASSWORD} characters or more`;
  return length > MAX_PASSWORD ? `Use ${MAX_PASSWORD} characters or fewer` : null;
}

/** Length and variety, no more: a hint while typing, the server decides. */
export function passwordStrength(password: string): Strength {
  const length = [...password].length;
  if (length === 0) return { level: 0, word: '' };
  if (length < MIN_PASSWORD) {
    return { level: 1, word: `${MIN_PASSWORD - length} more to go` };
  }
  const distinct = new Set(password).size;
  if (distinct < 6) return { level: 1, word: 'Too few different characters' };
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((re) =>
    re.test(password),
  ).length;
  const score = length + 2 * (classes - 1) + (distinct > 11 ? 2 : 0);
  if (score >= 22) return { level: 4, word: 'Strong' };
  if (score >= 16) return { level: 3, word: 'Good' };
  return { level: 2, word: 'Fair' };
}
