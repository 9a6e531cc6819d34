import { describe, expect, it } from 'vitest';
import { kindOf } from '@/features/kinds/kinds';
import { columnsOf, readColumns } from './columns';
import { isSame, readViews, withView } from './views';

describe('columns', () => {
  it('are those that were kept, in their own order, and no others', () => {
    expect(readColumns('["updated","licence","size"]')).toEqual(['licence', 'updated']);
    expect(readColumns('[]')).toEqual([]);
    for (const odd of [undefined, '', 'nonsense', '{"team":1}']) {
      expect(readColumns(odd)).toContain('team');
    }
  });

  it('leave out what a kind does not have', () => {
    expect(columnsOf(kindOf('agent'))).toContain('model');
    expect(columnsOf(kindOf('server'))).not.toContain('model');
  });
});

describe('saved views', () => {
  it('hold only what an address may hold', () => {
    const kept = [
      { name: 'Mine', search: { team: 'ada', sort: 'name', after: 'x', size: 3 } },
      { name: 3, search: {} },
      { name: 'No search' },
      'text',
    ];
    expect(readViews(JSON.stringify(kept))).toEqual([
      { name: 'Mine', search: { team: 'ada', sort: 'name' } },
    ]);
    for (const odd of [undefined, 'nonsense', '{}']) expect(readViews(odd)).toEqual([]);
  });

  it('are replaced by one of the same name', () => {
    const one = { name: 'Mine', search: { team: 'ada' } };
    const two = { name: 'Broken', search: { health: 'error', after: 'x' } };
    const both = withView(withView([], one), two);
    expect(both).toEqual([one, { name: 'Broken', search: { health: 'error' } }]);
    const changed = withView(both, { name: 'Mine', search: { team: 'grace' } });
    expect(changed.map(({ search }) => search)).toEqual([
      { team: 'grace' },
      { health: 'error' },
    ]);
  });

  it('are recognised wherever in the list one is', () => {
    expect(isSame({ sort: 'name', q: 'a' }, { q: 'a', sort: 'name', after: 'x' })).toBe(
      true,
    );
    expect(isSame({ q: 'a' }, { q: 'b' })).toBe(false);
  });
});
