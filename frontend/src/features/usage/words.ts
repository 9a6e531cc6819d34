import type { Usage } from '@/api/types';

const clients: Record<string, string> = {
  roster: 'roster',
  git: 'Git',
  'claude-code': 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  opencode: 'OpenCode',
  skills: 'npx skills',
  browser: 'Browser',
  other: 'Other',
};

/** What pulled, as a person calls it; a server may know newer ones than this app. */
export const clientText = (name: string) => clients[name] ?? name;

const numbers = new Intl.NumberFormat('en');

export const pullText = (count: number) =>
  count === 1 ? '1 pull' : `${numbers.format(count)} pulls`;

/** Days on which something was pulled, newest first, by each client. */
export function pulledDays({ days, pulls, clients: lines }: Usage) {
  return days
    .map((day, index) => ({
      day,
      total: pulls[index] ?? 0,
      counts: lines.map((line) => line.pulls[index] ?? 0),
    }))
    .filter(({ total }) => total > 0)
    .reverse();
}
