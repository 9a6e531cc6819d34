import { expect, it } from 'vitest';
import {
  archiveName,
  hasMarketplace,
  refOf,
  stepsOf,
  WAYS,
  type Wanted,
  type Way,
} from './commands';

const kit = (change: Partial<Wanted> = {}): Wanted => ({
  origin: 'https://roster.example.org',
  team: 'harbour',
  name: 'kit',
  id: 'c1',
  target: 'codex',
  release: null,
  newest: 4,
  plugin: 'kit@harbour-kit',
  signIn: true,
  ...change,
});
const REMOTE = 'https://roster.example.org/git/harbour/kit.git';
const TARGETS = [
  'claude-code',
  'claude-plugin',
  'copilot',
  'cursor',
  'opencode',
  'codex',
  'gemini',
  'agent-skills',
  'agents-md',
];

const commands = (way: Way, change: Partial<Wanted> = {}) =>
  stepsOf(way, kit(change)).map(({ command }) => command);
const last = (way: Way, change: Partial<Wanted> = {}) =>
  commands(way, change).at(-1) ?? '';

it('signs in and pulls the newest release, or the one that was chosen', () => {
  expect(commands('cli')).toEqual([
    'roster login https://roster.example.org --scopes read',
    'roster pull harbour/kit --target codex',
    'roster status',
  ]);
  expect(commands('cli', { release: 3, target: 'agents-md' })[1]).toBe(
    'roster pull harbour/kit@3 --target agents-md',
  );
});

it('tells tools about what was pulled that do not look into a project for it', () => {
  expect(commands('cli', { target: 'claude-plugin', plugin: 'my@own' })[2]).toBe(
    'claude plugin marketplace add ./ && claude plugin install my@own',
  );
  expect(commands('cli', { target: 'gemini' })[2]).toBe('gemini extensions link .');
});

it('clones the branch of a target, or the tag of a release', () => {
  expect(last('git')).toBe(`git clone --single-branch --branch target/codex ${REMOTE}`);
  expect(last('git', { release: 2 })).toBe(
    `git clone --single-branch --branch codex/v2 ${REMOTE}`,
  );
  expect(last('git', { target: 'claude-plugin' })).toBe(
    `git clone --single-branch ${REMOTE}`,
  );
  expect(last('git', { target: 'claude-plugin', release: 2 })).toBe(
    `git clone --single-branch --branch v2 ${REMOTE}`,
  );
});

it('gives every target a branch and tags that differ from the others', () => {
  const refs = TARGETS.flatMap((target) => [
    refOf(kit({ target })),
    refOf(kit({ target, release: 1 })),
  ]);
  expect(new Set(refs).size).toBe(2 * TARGETS.length);
});

it('adds the marketplace of each tool that has one', () => {
  expect(TARGETS.filter(hasMarketplace)).toEqual([
    'claude-plugin',
    'codex',
    'gemini',
    'agent-skills',
  ]);
  expect(last('marketplace', { target: 'claude-plugin', plugin: 'my@own' })).toBe(
    `claude plugin marketplace add ${REMOTE} && claude plugin install my@own`,
  );
  expect(last('marketplace', { target: 'claude-plugin', release: 3 })).toBe(
    `claude plugin marketplace add ${REMOTE}#v3 && claude plugin install kit@harbour-kit`,
  );
  expect(last('marketplace')).toBe(
    `codex plugin marketplace add ${REMOTE} && codex plugin add kit@harbour-kit`,
  );
  expect(last('marketplace', { release: 3 })).toBe(
    `codex plugin marketplace add ${REMOTE} --ref v3 && codex plugin add kit@harbour-kit`,
  );
  expect(last('marketplace', { target: 'gemini' })).toBe(
    `git clone --single-branch --branch target/gemini ${REMOTE} && gemini extensions link kit`,
  );
  const open = { target: 'gemini', signIn: false };
  expect(last('marketplace', open)).toBe(
    `gemini extensions install ${REMOTE} --ref target/gemini`,
  );
  expect(last('marketplace', { ...open, release: 3 })).toBe(
    `gemini extensions install ${REMOTE} --ref gemini/v3`,
  );
  expect(last('marketplace', { target: 'agent-skills' })).toBe(
    `npx skills add ${REMOTE}#target/agent-skills`,
  );
  expect(last('marketplace', { target: 'agent-skills', release: 3 })).toBe(
    `npx skills add ${REMOTE}#agent-skills/v3`,
  );
  expect(stepsOf('marketplace', kit({ target: 'cursor' }))).toEqual([]);
});

it('downloads one release for good, with the token in a header', () => {
  const address =
    'https://roster.example.org/api/v1/collections/c1/releases/4/export?target=codex&format=tar.gz';
  expect(last('download')).toBe(
    `curl -fsS -H "Authorization: Bearer $ROSTER_TOKEN" '${address}' | tar xz`,
  );
  expect(archiveName(kit())).toBe('harbour-kit-4-codex');
  expect(archiveName(kit({ release: 2 }))).toBe('harbour-kit-2-codex');
});

it('checks in a build what the release holds', () => {
  const [text = ''] = commands('ci', { release: 3 });
  expect(text).toContain('run: roster pull harbour/kit@3 --target codex --check');
  expect(text).toContain('ROSTER_URL: https://roster.example.org');
  expect(text).toContain('ROSTER_TOKEN: ${' + '{ secrets.ROSTER_TOKEN }}');
});

it('never has a token in an address', () => {
  for (const target of TARGETS) {
    for (const way of WAYS) {
      for (const command of commands(way, { target })) {
        expect(command).not.toMatch(/\/\/[^/\s]*@/);
        expect(command).not.toMatch(/[?&][^'\s]*token/i);
      }
    }
  }
});

it('speaks of no token where nobody has to say who they are', () => {
  for (const target of TARGETS) {
    for (const way of WAYS) {
      expect(commands(way, { target, signIn: false }).join('\n')).not.toContain(
        'ROSTER_TOKEN',
      );
    }
  }
  expect(commands('git', { signIn: false })).toHaveLength(1);
  expect(commands('cli', { signIn: false })[0]).not.toContain('login');
});
