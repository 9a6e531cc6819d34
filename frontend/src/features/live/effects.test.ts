import { describe, expect, it } from 'vitest';
import { keys } from '@/api/queries';
import type { LiveEvent } from '@/api/types';
import { reachOf } from './effects';
import { happened, ID } from './test-support';

const OTHER = '019a7c1d-90e4-7d02-8a4b-0f5c6d7e8f91';

const renamed = { ...happened(), action: 'component.renamed' };

const cases: [string, LiveEvent, readonly unknown[], string][] = [
  ['its list waits', happened(), ['agents', 'agents', 'list', {}], 'later'],
  ['its facets wait', happened(), ['agents', 'agents', 'facets', {}], 'later'],
  ['another kind stays', happened(), ['agents', 'skills', 'list', {}], 'no'],
  ['a list of all kinds waits', happened(), ['components', 'list', {}], 'later'],
  [
    'an answer to a search stays',
    happened(),
    ['agents', 'agents', 'search', 'x'],
    'no',
  ],
  ['its page', happened(), ['components', 'agent', 'ada', 'reviewer'], 'now'],
  ['of another name', happened(), ['components', 'agent', 'ada', 'tester'], 'no'],
  ['of another kind', happened(), ['components', 'skill', 'ada', 'reviewer'], 'no'],
  ['under its old name', renamed, ['components', 'agent', 'ada', 'old'], 'now'],
  ['its labels are', happened(), ['components', ID, 'labels'], 'now'],
  ['those of another stay', happened(), ['components', OTHER, 'labels'], 'no'],
  ['what never changes', happened(), ['components', ID, 'diff', 1, 2], 'no'],
  ['a text at work stays', happened(), ['components', 'edit', 'u', 'ada', 'x'], 'no'],
  ['a collection shows it', happened(), ['collections', OTHER], 'now'],
  ['their list does not', happened(), ['collections', 'list', {}], 'no'],
  ['drafts show it', happened(), ['drafts', 'list'], 'later'],
  ['figures count it', happened(), ['stats', {}], 'now'],
  ['accounts do not care', happened(), ['users', 'list', {}], 'no'],
  ['reviews wait', happened('promotion'), ['promotions', 'list', {}], 'later'],
  ['a review is asked for', happened('promotion'), ['promotions', ID], 'now'],
  ['another is not', happened('promotion'), ['promotions', OTHER], 'no'],
  ['a component stays', happened('promotion'), ['components', OTHER], 'no'],
  ['collections wait', happened('collection'), ['collections', 'list', {}], 'later'],
  ['a collection is asked for', happened('collection'), ['collections', ID], 'now'],
  ['imports wait', happened('import'), [...keys.imports, 'list'], 'later'],
  ['teams are asked for', happened('user'), [...keys.teams, 'mine'], 'now'],
  ['repositories wait', happened('repository'), ['repositories', 'list'], 'later'],
  ['its components', happened('repository'), ['repositories', ID, 'components'], 'now'],
  ['of another one', happened('repository'), ['repositories', OTHER, 'x'], 'no'],
  ['an upstream', happened('repository'), ['upstreams', OTHER, 'upstream'], 'now'],
  ['a merge at work', happened('repository'), ['upstreams', ID, 'merge'], 'no'],
  ['where it comes from', happened(), ['upstreams', ID, 'upstream'], 'now'],
  ['where another does', happened(), ['upstreams', OTHER, 'upstream'], 'no'],
  ['what comes with it', happened(), ['repositories', OTHER, 'components'], 'now'],
  ['what the app is too old for', happened('novelty'), [...keys.agents], 'no'],
];

describe('what an event reaches', () => {
  it.each(cases)('%s', (_, event, key, reach) => {
    expect(reachOf(event, key)).toBe(reach);
  });
});
