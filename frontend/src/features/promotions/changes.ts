/** Everything that changes promotions and policies, one function per request. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type {
  ComponentPublic,
  LabelPolicy,
  LabelPolicyWrite,
  Promotion,
} from '@/api/types';
import { promotionKeys } from './queries';

type Target = Pick<Promotion, 'id' | 'etag'>;
export type Decision = 'approve' | 'object' | 'apply';

const only = ({ id, etag }: Target) => ({
  path: { promotion_id: id },
  header: { 'If-Match': etag },
});

export const openPromotion = (
  component: Pick<ComponentPublic, 'id'>,
  body: { label: string; number: number; message: string },
) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/promotions', {
      params: { path: { component_id: component.id } },
      body,
    }),
  );

export const decide = (promotion: Target, decision: Decision) => {
  const params = only(promotion);
  if (decision === 'approve')
    return unwrap(api.POST('/api/v1/promotions/{promotion_id}/approve', { params }));
  if (decision === 'object')
    return unwrap(api.POST('/api/v1/promotions/{promotion_id}/object', { params }));
  return unwrap(api.POST('/api/v1/promotions/{promotion_id}/apply', { params }));
};

export const withdraw = ({ id }: Target) =>
  unwrap(
    api.POST('/api/v1/promotions/{promotion_id}/withdraw', {
      params: { path: { promotion_id: id } },
    }),
  );

/** Points it at another revision: what was said about the one before lapses. */
export const changeNumber = (promotion: Target, number: number) =>
  unwrap(
    api.PATCH('/api/v1/promotions/{promotion_id}', {
      params: only(promotion),
      body: { number },
    }),
  );

export const comment = ({ id }: Target, body: string) =>
  unwrap(
    api.POST('/api/v1/promotions/{promotion_id}/comments', {
      params: { path: { promotion_id: id } },
      body: { body },
    }),
  );

export const rollBack = (
  component: Pick<ComponentPublic, 'id' | 'etag'>,
  label: string,
  message: string,
) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/labels/{label}/rollback', {
      params: {
        path: { component_id: component.id, label },
        header: { 'If-Match': component.etag },
      },
      body: { message },
    }),
  );

/** Null: the label is not protected yet. */
export const protect = (
  team: string,
  label: string,
  body: LabelPolicyWrite,
  present: LabelPolicy | null,
) =>
  unwrap(
    api.PUT('/api/v1/teams/{team}/policy/labels/{label}', {
      params: {
        path: { team, label },
        header: present ? { 'If-Match': present.etag } : { 'If-None-Match': '*' },
      },
      body,
    }),
  );

export const unprotect = (team: string, { label, etag }: LabelPolicy) =>
  unwrap(
    api.DELETE('/api/v1/teams/{team}/policy/labels/{label}', {
      params: { path: { team, label }, header: { 'If-Match': etag } },
    }),
  );

/** After a decision: lists, counts, and the components whose labels may have moved. */
export async function refreshPromotions(client: QueryClient) {
  await client.invalidateQueries({ queryKey: promotionKeys.all });
  for (const queryKey of [keys.components, keys.agents]) {
    void client.invalidateQueries({ queryKey });
  }
}
