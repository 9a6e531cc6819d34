import { describe, expect, it } from 'vitest';
import { bytes, headlineOf, leftAsideOf, plural, reportOf, rough } from './wording';

const headline = (
  agents: number,
  dropped_by_strict: number,
  description_tokens: number,
) =>
  headlineOf({
    agents,
    components: agents ? { agent: agents } : {},
    dropped_by_strict,
    description_tokens,
    left_aside: {},
  });

describe('headlineOf', () => {
  it.each([
    [
      5,
      4,
      2679,
      '4 of 5 would be dropped by a strict loader; their descriptions cost 2,700 tokens in every session',
    ],
    [
      5,
      5,
      2679,
      'All 5 agents would be dropped by a strict loader; their descriptions cost 2,700 tokens in every session',
    ],
    [
      1200,
      0,
      119_226,
      'All 1,200 agents pass a strict loader; their descriptions cost 119,000 tokens in every session',
    ],
    [
      1,
      1,
      350,
      'This agent would be dropped by a strict loader; its description costs 350 tokens in every session',
    ],
    [
      1,
      0,
      1,
      'This agent passes a strict loader; its description costs 1 token in every session',
    ],
    [2, 1, 0, '1 of 2 would be dropped by a strict loader'],
    [0, 0, 0, 'Nothing to import among these files'],
  ])('%i agents, %i dropped, %i tokens', (agents, dropped, tokens, sentence) => {
    expect(headline(agents, dropped, tokens)).toBe(sentence);
  });
});

describe('headlineOf several kinds', () => {
  it('calls them components', () => {
    const values = { dropped_by_strict: 0, description_tokens: 0, left_aside: {} };
    const told = (components: Record<string, number>) =>
      headlineOf({ agents: components.agent ?? 0, components, ...values });
    expect(told({ agent: 1, skill: 2 })).toBe('All 3 components pass a strict loader');
    expect(told({ skill: 2 })).toBe('Both skills pass a strict loader');
  });
});

describe('leftAsideOf', () => {
  it('names the kinds, the most frequent first', () => {
    expect(leftAsideOf({ command: 3, skill: 12 })).toBe(
      'Left aside: 12 skills, 3 commands',
    );
    expect(leftAsideOf({ skill: 1, server: 1 })).toBe(
      'Left aside: 1 skill, 1 MCP server config',
    );
  });

  it('says nothing when nothing was', () => {
    expect(leftAsideOf({})).toBeNull();
    expect(leftAsideOf({ skill: 0 })).toBeNull();
  });

  it('counts what it does not name, and puts the unknown last', () => {
    const many = { other: 99, a: 6, b: 5, c: 4, d: 3, e: 2 };
    expect(leftAsideOf(many, 2)).toBe('Left aside: 6 a files, 5 b files and 108 more');
  });
});

describe('reportOf', () => {
  const none = { created: 0, published: 0, unchanged: 0, reused: 0, skipped: 0 };
  it.each([
    [{ created: 4, skipped: 1 }, '4 agents created, 1 file skipped'],
    [{ created: 1, published: 2 }, '1 agent created, 2 revisions published'],
    [{ unchanged: 1 }, 'Nothing had to be written: the registry has it already'],
    [{ unchanged: 9 }, 'Nothing had to be written: the registry has them all already'],
    [{ unchanged: 3, skipped: 1 }, 'Nothing had to be written'],
    [{ reused: 2 }, '2 used from other teams'],
    [{ skipped: 3 }, 'Everything was skipped'],
    [{}, 'There was nothing to take'],
  ])('%o', (results, sentence) => {
    expect(reportOf({ ...none, ...results })).toBe(sentence);
  });
});

it('tells numbers as a person would', () => {
  expect([7, 99, 123, 2679, 12_345].map(rough)).toEqual([
    '7',
    '99',
    '120',
    '2,700',
    '12,300',
  ]);
  expect([1, 900, 1536, 20_000, 64 * 1024 * 1024].map(bytes)).toEqual([
    '1 byte',
    '900 bytes',
    '1.5 kB',
    '20 kB',
    '64 MB',
  ]);
  expect(plural(1, 'name clash', 'name clashes')).toBe('1 name clash');
});
