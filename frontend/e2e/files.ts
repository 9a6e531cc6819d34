/** Agent files as they lie about in real folders, each with one thing wrong. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const agent = (frontMatter: string, body: string) =>
  `---\n${frontMatter}---\n\n${body}`;

/** A colon and a blank inside a plain value: no strict reader takes this. */
const logReader = agent(
  `name: log-reader
description: Use this agent to read long logs. Examples: <example>Context: A night of errors. user: "Why did the pump stop?" assistant: "I ask the log-reader." <commentary>Logs are its trade.</commentary></example> <example>Context: A slow morning. user: "Which gate opened late?" assistant: "The log-reader finds it."</example>
tools: Read, Grep
model: sonnet
`,
  `You read logs from the end to the beginning.

1. Find the first error, not the loudest.
2. Say **when** it happened and what came before.
`,
);

/** Valid YAML; its author meant line breaks and wrote the two characters. */
const noticeWriter = agent(
  `name: notice-writer
description: Use this agent to write notices.\\n\\nIt asks for the date, then writes three lines.
`,
  'You write notices of three lines.\n',
);

/** UTF-8 that a program took for Windows-1252 and stored again. */
const chartChecker = agent(
  `name: chart-checker
description: Use this agent to compare a chart with the soundings.
`,
  `Report like this:

- âœ… depth agrees
- âš ï¸ depth differs
- Itâ€™s too early to say â€“ ask again
`,
);

const diver = (what: string) =>
  agent(
    `name: hull-diver
description: Use this agent to ${what}.
`,
    `You ${what}, and you are back before dark.\n`,
  );

const files: Record<string, string> = {
  'harbour/.claude/agents/log-reader.md': logReader,
  'harbour/.claude/agents/notice-writer.md': noticeWriter,
  'harbour/.claude/agents/chart-checker.md': chartChecker,
  'harbour/.claude/agents/north/hull-diver.md': diver('scrape the hull'),
  'harbour/.claude/agents/south/hull-diver.md': diver('look for leaks'),
  'harbour/.claude/agents/blank.md': '',
  'harbour/.cursor/rules/knots.mdc': agent(
    'description: Tie a bowline and a clove hitch.\n',
    '# Knots\n',
  ),
};

/** The folder that the main journey brings in, by path. */
export const harbour: Record<string, Buffer> = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]),
);

export function original(name: string): Buffer {
  const found = harbour[`harbour/.claude/agents/${name}.md`];
  if (!found) throw new Error(`There is no ${name} in the folder`);
  return found;
}

/** Writes the folder below `root`; gives its path. */
export function writeFolder(root: string): string {
  for (const [path, data] of Object.entries(harbour)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), data);
  }
  return join(root, 'harbour');
}
