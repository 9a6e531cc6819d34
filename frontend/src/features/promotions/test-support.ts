import type { PromotionDetail } from '@/api/types';

const yes = { allowed: true, reason: null };

/** Ada asks for production to be moved; whoever looks may do all of it. */
export const aPromotion = (own: Partial<PromotionDetail> = {}): PromotionDetail => ({
  id: '0190f2a0-0000-7000-8000-00000000000a',
  component: {
    id: '0190f2a0-0000-7000-8000-00000000000b',
    kind: 'agent',
    team: {
      id: '0190f2a0-0000-7000-8000-000000000002',
      slug: 'platform',
      name: 'Platform',
    },
    name: 'tide-clerk',
    reference: 'agent:platform/tide-clerk',
  },
  label: 'production',
  number: 3,
  from_number: 2,
  is_rollback: false,
  state: 'open',
  message: 'It asks first.',
  author: {
    id: '0190f2a0-0000-7000-8000-000000000001',
    username: 'ada',
    display_name: 'Ada',
  },
  created_at: '2026-01-02T03:04:05Z',
  ended_at: null,
  ended_by: null,
  approvals: 0,
  approvals_needed: 2,
  objections: 0,
  etag: '"v1.2"',
  diff: null,
  policy: null,
  checks: [],
  member: true,
  voices: [],
  comments: [],
  blockers: [],
  permissions: {
    approve: { ...yes },
    object: { ...yes },
    comment: { ...yes },
    change: { ...yes },
    apply: { ...yes },
    withdraw: { ...yes },
  },
  ...own,
});
