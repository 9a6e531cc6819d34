/**
 * What the app knows about each kind of component. A new kind is one entry here:
 * its pages, its place in the rail and in the command menu come from it.
 */
import {
  type Icon,
  IconPuzzle,
  IconRobot,
  IconServer2,
  IconSlash,
} from '@tabler/icons-react';

export type FieldName = 'name' | 'description' | 'tools' | 'model' | 'color';

/** What the lists of one kind or another are filtered by, and what it is called. */
export const KIND_FACETS = {
  model: 'Model',
  tool: 'Tool',
  transport: 'Transport',
  command: 'Program',
} as const;
export type KindFacet = keyof typeof KIND_FACETS;

export interface Kind {
  name: string;
  /** Where its pages and its routes of the API are: `/agents`. */
  plural: string;
  label: string;
  labels: string;
  icon: Icon;
  /** Which of the theme's quiet colours it has: `--r-kind-agent`. */
  tint: 'agent' | 'skill' | 'command' | 'server';
  /** What its lists are filtered by, beside what all lists are. */
  facets: readonly KindFacet[];
  format: 'markdown' | 'json';
  /** Whether the file says its name, or its place does. */
  named: 'text' | 'path';
  /** Whether other files may stand beside the main one. */
  isTree: boolean;
  /** Where tools look for the main file. */
  file: (name: string) => string;
  /** The keys that its form has fields for; the others are edited as YAML. */
  fields: readonly FieldName[];
  /** What the description is for, below its field. */
  describe: string;
  /** What stands below the front matter, or is the whole text. */
  body: string;
  /** The headings over description and body for those who read it. */
  reads: readonly [description: string, body: string];
  /** Path of the main file in the tree of a revision. */
  main: string;
  /** What an empty list says it is for. */
  about: string;
}

const agent: Kind = {
  name: 'agent',
  plural: 'agents',
  label: 'Agent',
  labels: 'Agents',
  icon: IconRobot,
  tint: 'agent',
  facets: ['model', 'tool'],
  format: 'markdown',
  named: 'text',
  isTree: false,
  file: (name) => `.claude/agents/${name}.md`,
  fields: ['name', 'description', 'tools', 'model', 'color'],
  describe:
    'When to call this agent. Every session reads it, whether the agent is called or not.',
  body: 'Prompt',
  reads: ['When to call it', 'What it is told'],
  main: 'AGENT.md',
  about:
    'Agents are sub-agent definitions: who they are, when to call them, what they may do.',
};

const skill: Kind = {
  name: 'skill',
  plural: 'skills',
  label: 'Skill',
  labels: 'Skills',
  icon: IconPuzzle,
  tint: 'skill',
  facets: ['model', 'tool'],
  format: 'markdown',
  named: 'text',
  isTree: true,
  file: (name) => `.claude/skills/${name}/SKILL.md`,
  fields: ['name', 'description'],
  describe: 'What the skill does and when to use it. Every session reads it.',
  body: 'Instructions',
  reads: ['When to use it', 'What it says'],
  main: 'SKILL.md',
  about:
    'Skills are folders with instructions, and the scripts and references that go with them.',
};

const command: Kind = {
  name: 'command',
  plural: 'commands',
  label: 'Command',
  labels: 'Commands',
  icon: IconSlash,
  tint: 'command',
  facets: ['model', 'tool'],
  format: 'markdown',
  named: 'path',
  isTree: false,
  file: (name) => `.claude/commands/${name}.md`,
  fields: ['description', 'model'],
  describe: 'What the command does, in one line.',
  body: 'Prompt',
  reads: ['What it does', 'What it sends'],
  main: 'COMMAND.md',
  about: 'Commands are prompts with a name and arguments, called by a slash.',
};

const server: Kind = {
  name: 'server',
  plural: 'servers',
  label: 'Server',
  labels: 'Servers',
  icon: IconServer2,
  tint: 'server',
  facets: ['transport', 'command'],
  format: 'json',
  named: 'text',
  isTree: false,
  file: (name) => `.claude/servers/${name}.json`,
  fields: [],
  describe: '',
  body: 'Configuration',
  reads: ['What it is for', 'Configuration'],
  main: 'SERVER.json',
  about:
    'Servers are configurations of MCP servers: what starts them, or where they answer.',
};

export const KINDS: readonly Kind[] = [agent, skill, command, server];

/** By the name that components carry; one that the app is too old for looks like an agent. */
export const kindOf = (name: string): Kind =>
  KINDS.find((kind) => kind.name === name) ?? agent;

export const kindAt = (plural: string): Kind | undefined =>
  KINDS.find((kind) => kind.plural === plural);

const numbers = new Intl.NumberFormat('en');

/** "1 agent", "12 agents". */
export const countOf = ({ label, labels }: Kind, count: number) =>
  `${numbers.format(count)} ${(count === 1 ? label : labels).toLowerCase()}`;

/** "an agent", "a skill". */
export const oneOf = ({ label }: Kind) =>
  `${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${label.toLowerCase()}`;

/** What a link to the page of a component needs. */
export const placeOf = (component: {
  kind: string;
  team: { slug: string };
  name: string;
}) => ({
  plural: kindOf(component.kind).plural,
  team: component.team.slug,
  name: component.name,
});

/** What its main file is called on a person's disk. */
export const fileNameOf = (component: { kind: string; name: string }) => {
  const kind = kindOf(component.kind);
  return kind.isTree ? kind.main : (kind.file(component.name).split('/').pop() ?? '');
};
