import { describe, expect, it } from 'vitest';
import { base, draft, local, state, textOf } from './editor-fixtures';
import { ontoBase, reconcile } from './reconcile';

describe('without news', () => {
  it('does nothing', () => {
    expect(reconcile(local(), state(1))).toEqual({ action: 'none' });
    const mine = draft({ content: 'saved' });
    const edit = local({ text: 'typed', confirmed: 'saved', etag: mine.etag });
    expect(reconcile(edit, state(1, mine))).toEqual({ action: 'none' });
  });
});

describe('when somebody published', () => {
  it('shows the newest text to who has typed nothing', () => {
    const outcome = reconcile(local(), state(2));
    expect(outcome).toEqual({
      action: 'adopt',
      aside: null,
      local: local({ text: textOf(2), confirmed: textOf(2), base: base(2) }),
    });
  });

  it('is a conflict with what was typed, and keeps all three texts', () => {
    const outcome = reconcile(local({ text: 'typed' }), state(2));
    expect(outcome).toMatchObject({
      action: 'conflict',
      conflict: {
        kind: 'published',
        mine: 'typed',
        theirs: textOf(2),
        base: textOf(1),
        author: 'Bob',
        number: 2,
        onto: base(2),
      },
    });
  });

  it('is none when both came to the same text', () => {
    const outcome = reconcile(local({ text: textOf(2) }), state(2));
    expect(outcome).toMatchObject({ action: 'adopt', local: { base: base(2) } });
  });

  it('lets the settled text go on from the draft that is there', () => {
    const mine = draft({ content: 'typed' });
    const edit = local({
      text: 'typed',
      confirmed: 'typed',
      etag: mine.etag,
      draftBase: mine.base_digest,
    });
    const outcome = reconcile(edit, state(2, mine));
    if (outcome.action !== 'conflict') throw new Error(outcome.action);
    const { ground, onto } = outcome.conflict;
    expect(ontoBase(ground, onto, 'merged')).toEqual({
      text: 'merged',
      confirmed: 'typed',
      etag: mine.etag,
      draftBase: mine.base_digest,
      base: base(2),
    });
  });
});

describe('when the draft was saved in another tab', () => {
  const other = draft({ content: 'theirs', etag: '"d2"' });
  const saved = { confirmed: 'saved', etag: '"d1"', draftBase: base(1).digest };

  it('shows it to who has typed nothing since', () => {
    const outcome = reconcile(local({ ...saved, text: 'saved' }), state(1, other));
    expect(outcome).toMatchObject({
      action: 'adopt',
      local: { text: 'theirs', confirmed: 'theirs', etag: '"d2"' },
    });
  });

  it('is a conflict with what was typed', () => {
    const outcome = reconcile(local({ ...saved, text: 'typed' }), state(1, other));
    expect(outcome).toMatchObject({
      action: 'conflict',
      conflict: {
        kind: 'draft',
        mine: 'typed',
        theirs: 'theirs',
        base: 'saved',
        ground: { etag: '"d2"', confirmed: 'theirs' },
      },
    });
  });

  it('keeps typing when it says the same', () => {
    const same = draft({ content: 'saved', etag: '"d2"' });
    expect(reconcile(local({ ...saved, text: 'typed' }), state(1, same))).toMatchObject(
      {
        action: 'adopt',
        local: { text: 'typed', confirmed: 'saved', etag: '"d2"' },
      },
    );
  });

  it('is a conflict with a first draft made elsewhere, too', () => {
    expect(reconcile(local({ text: 'typed' }), state(1, other)).action).toBe(
      'conflict',
    );
  });
});

describe('when the draft is gone', () => {
  const saved = { confirmed: 'saved', etag: '"d1"', draftBase: base(1).digest };

  it('takes a discarded text away, but to copy', () => {
    expect(reconcile(local({ ...saved, text: 'saved' }), state(1))).toEqual({
      action: 'adopt',
      aside: 'saved',
      local: local(),
    });
  });

  it('saves anew what was typed since', () => {
    expect(reconcile(local({ ...saved, text: 'typed' }), state(1))).toMatchObject({
      action: 'adopt',
      aside: null,
      local: { text: 'typed', confirmed: textOf(1), etag: null },
    });
  });

  it('is a conflict when the other tab published something else', () => {
    const outcome = reconcile(local({ ...saved, text: 'saved' }), state(2));
    expect(outcome).toMatchObject({
      action: 'conflict',
      conflict: { kind: 'published', mine: 'saved', ground: { etag: null } },
    });
  });

  it('goes on from what the other tab published of it', () => {
    const outcome = reconcile(local({ ...saved, text: textOf(2) }), state(2));
    expect(outcome).toMatchObject({
      action: 'adopt',
      local: { text: textOf(2), confirmed: textOf(2), etag: null, base: base(2) },
    });
  });
});
