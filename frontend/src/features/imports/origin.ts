/** Where files came from, as it is told to a person. */
import { shortAddress } from './address';
import type { ImportFile, ImportPublic } from './types';
import { plural } from './wording';

type From = Pick<ImportPublic, 'source' | 'origin' | 'commit'>;

export const shortCommit = (commit: string) => commit.slice(0, 10);

/** "example.org/ada/tools@1f0c3a9b2d"; null for what a person sent. */
export function originOf({ source, origin, commit }: From): string | null {
  if (!origin || (source !== 'repository' && source !== 'lock')) return null;
  return commit
    ? `${shortAddress(origin)}@${shortCommit(commit)}`
    : shortAddress(origin);
}

const verbs: Record<ImportPublic['source'], string> = {
  upload: 'Uploaded',
  samples: 'Samples',
  repository: 'Fetched',
  lock: 'Fetched',
};

export const broughtIn = ({ source, state }: Pick<ImportPublic, 'source' | 'state'>) =>
  state === 'reading' || state === 'failed' ? 'Begun' : verbs[source];

const TOOLS: Record<string, string> = {
  claude: 'Claude Code',
  'claude-code': 'Claude Code',
  codex: 'Codex',
  copilot: 'Copilot',
  cursor: 'Cursor',
  gemini: 'Gemini CLI',
  opencode: 'OpenCode',
  vscode: 'VS Code',
};

export const toolWord = (tool: string) =>
  TOOLS[tool.toLowerCase()] ?? tool.charAt(0).toUpperCase() + tool.slice(1);

/** "Codex; 2 fields mapped": what became of a file of another tool, in few words. */
export function conversionOf({
  tool,
  notes,
}: Pick<ImportFile, 'tool' | 'notes'>): string | null {
  if (!tool) return null;
  return notes.length > 0
    ? `${toolWord(tool)}, ${plural(notes.length, 'note')} on the conversion`
    : toolWord(tool);
}
