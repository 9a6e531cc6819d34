import type { Manifest } from '@/api/types';

/** The tools as they stand in the file, `Bash(git log *)` in one piece; null for all. */
export function toolsOf({ tools }: Manifest): string[] | null {
  if (Array.isArray(tools)) return tools.map(String);
  if (typeof tools !== 'string') return null;
  const parts = tools.match(/(?:\([^)]*\)|[^,(]|\()+/g) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** What a skill or a command may use unasked: names with blanks or commas between. */
export function allowedTools(manifest: Manifest): string[] | null {
  const allowed = manifest['allowed-tools'];
  if (Array.isArray(allowed)) return allowed.map(String);
  if (typeof allowed !== 'string') return null;
  return allowed.match(/(?:\([^)]*\)|[^\s,(])+/g) ?? [];
}
