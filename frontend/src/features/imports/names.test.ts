import { expect, it } from 'vitest';
import { nameProblem, nameProposals } from './names';

it.each([
  ['reviewer', null],
  ['', 'Enter a name'],
  ['Code Reviewer', 'Use lower-case letters, digits and single hyphens'],
  ['a--b', 'Use lower-case letters, digits and single hyphens'],
  ['a'.repeat(65), 'Use 64 characters or fewer'],
])('%s', (name, problem) => {
  expect(nameProblem(name)).toBe(problem);
});

it('proposes what tells the files apart, then numbers', () => {
  expect(
    nameProposals('reviewer', 'repo/backend/agents/Code Review.md').slice(0, 3),
  ).toEqual(['code-review', 'backend-reviewer', 'reviewer-2']);
  expect(nameProposals('reviewer', 'reviewer.md')[0]).toBe('reviewer-2');
  expect(nameProposals('reviewer', '003_19ddc4cb80a0eda0.txt')[0]).toBe('reviewer-2');
});
