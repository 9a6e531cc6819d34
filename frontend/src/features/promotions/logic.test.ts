import { describe, expect, it } from 'vitest';
import { reasonsOf } from './Actions';
import { readReviewSearch, toReviewQuery, withFilter } from './search';
import { aPromotion } from './test-support';
import { moveOf, policyText, progressOf } from './words';

describe('the address of the list', () => {
  it('keeps what means something', () => {
    const raw = { view: 'mine', team: 'platform', label: 'production', page: 3 };
    expect(readReviewSearch(raw)).toEqual({
      view: 'mine',
      team: 'platform',
      label: 'production',
    });
    expect(readReviewSearch({ view: 'open', team: 'A B', label: {} })).toEqual({});
    expect(readReviewSearch({ view: 'new', team: 2026 })).toEqual({ team: '2026' });
  });

  it('asks for what is open, unless it says otherwise', () => {
    expect(toReviewQuery({})).toEqual({ state: 'open', limit: 30 });
    expect(toReviewQuery({ view: 'all', team: 'platform' })).toEqual({
      team: 'platform',
      limit: 30,
    });
    expect(toReviewQuery({ view: 'mine' })).toEqual({ mine: true, limit: 30 });
    expect(toReviewQuery({ view: 'needs-me' })).toEqual({ needs_me: true, limit: 30 });
  });

  it('changes one filter and keeps the view', () => {
    const search = { view: 'all', team: 'platform' } as const;
    expect(withFilter(search, 'label', 'Beta ')).toEqual({ ...search, label: 'beta' });
    expect(withFilter(search, 'team', '')).toEqual({ view: 'all' });
  });
});

describe('the words', () => {
  it('say from where to where', () => {
    expect(moveOf(aPromotion())).toBe('production from revision 2 to 3');
    expect(moveOf(aPromotion({ from_number: null }))).toBe('production to revision 3');
  });

  it('say how far it is', () => {
    expect(progressOf(aPromotion({ approvals: 1, objections: 1 }))).toBe(
      '1 of 2 approvals, 1 objection',
    );
    expect(progressOf(aPromotion({ approvals_needed: 1 }))).toBe('0 of 1 approval');
    expect(progressOf(aPromotion({ approvals_needed: 0 }))).toBe('No approval needed');
  });

  it('say how a label is protected', () => {
    const policy = {
      label: 'production',
      who_may_move: 'owner',
      approvals: 2,
      checks: [],
      frozen: false,
      freeze_reason: null,
      etag: '"v1"',
    } as const;
    const open = {
      ...policy,
      checks: [],
      who_may_move: 'editor',
      approvals: 0,
    } as const;
    expect(policyText({ ...policy, checks: [] })).toBe(
      'Owners move it after 2 approvals.',
    );
    expect(policyText({ ...open, checks: [] })).toBe(
      'Editors move it without approvals.',
    );
  });

  it('give each reason once', () => {
    const denied = (reason: string) => ({ allowed: false, reason });
    const promotion = aPromotion();
    promotion.blockers = [
      { code: 'frozen', detail: 'It is frozen.' },
      { code: 'approvals_missing', detail: '1 more approval is needed.' },
    ];
    promotion.permissions.apply = denied('It is frozen. 1 more approval is needed.');
    promotion.permissions.approve = denied('You opened it.');
    expect(reasonsOf(promotion)).toEqual([
      'It is frozen.',
      '1 more approval is needed.',
      'You opened it.',
    ]);
    promotion.permissions.apply = denied('This needs the role editor.');
    promotion.permissions.approve = denied('This needs the role editor.');
    promotion.blockers = [];
    expect(reasonsOf(promotion)).toEqual(['This needs the role editor.']);
  });
});
