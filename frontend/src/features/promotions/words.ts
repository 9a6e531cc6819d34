import type { LabelPolicy, Promotion, Requirement } from '@/api/types';

export const stateWords: Record<Promotion['state'], string> = {
  open: 'Open',
  applied: 'Applied',
  withdrawn: 'Withdrawn',
};

export const checkWords: Record<Requirement, string> = {
  no_errors: 'No errors',
  no_warnings: 'No warnings',
  licence: 'A licence',
  not_deprecated: 'Not deprecated',
  not_yanked: 'Not yanked',
};

/** Those that a policy may add to the one that holds without any. */
export const REQUIREMENTS = (Object.keys(checkWords) as Requirement[]).filter(
  (name) => name !== 'not_yanked',
);

const counted = (count: number, word: string) =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

/** "production from 2 to 3" */
export function moveOf({
  label,
  from_number,
  number,
}: Pick<Promotion, 'label' | 'from_number' | 'number'>) {
  return from_number === null
    ? `${label} to revision ${number}`
    : `${label} from revision ${from_number} to ${number}`;
}

/** "1 of 2 approvals", or what came of it. */
export function progressOf(promotion: Promotion): string {
  const { approvals, approvals_needed: needed, objections } = promotion;
  const parts = [
    needed > 0 ? `${approvals} of ${counted(needed, 'approval')}` : '',
    objections > 0 ? counted(objections, 'objection') : '',
  ];
  return parts.filter(Boolean).join(', ') || 'No approval needed';
}

/** One line about a policy. */
export function policyText(policy: LabelPolicy): string {
  const parts = [
    policy.who_may_move === 'owner' ? 'Owners move it' : 'Editors move it',
    policy.approvals > 0
      ? `after ${counted(policy.approvals, 'approval')}`
      : 'without approvals',
  ];
  return `${parts.join(' ')}.`;
}
