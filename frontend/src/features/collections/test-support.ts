import type { CollectionDetail, CollectionEntry } from '@/api/types';

export const AT = '2026-05-01T12:00:00Z';

export function anEntry(
  id: string,
  change: Partial<CollectionEntry> = {},
): CollectionEntry {
  return {
    component_id: id,
    kind: 'agent',
    team: 'ada',
    name: id,
    reference: `agent:ada/${id}`,
    description: `What ${id} does.`,
    label: 'latest',
    number: null,
    latest_number: 1,
    state: 'ok',
    revision: { number: 1, digest: 'f'.repeat(64) },
    yank_reason: null,
    deprecated: false,
    deprecation_message: null,
    shadowed_by: null,
    description_tokens: 10,
    ...change,
  };
}

export function aCollection(
  entries: CollectionEntry[] = [],
  change: Partial<CollectionDetail> = {},
): CollectionDetail {
  return {
    id: 'collection-1',
    team: { id: 'team-1', slug: 'ada', name: 'Ada' },
    name: 'kit',
    reference: 'ada/kit',
    title: 'Kit',
    description: '',
    visibility: 'private',
    etag: '"v1"',
    entry_count: entries.length,
    latest_release: null,
    created_at: AT,
    updated_at: AT,
    archived_at: null,
    deleted_at: null,
    permissions: { edit: true, manage: true },
    entries,
    clashes: [],
    description_tokens: 10 * entries.length,
    ...change,
  };
}
