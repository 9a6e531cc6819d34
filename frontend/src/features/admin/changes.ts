/** What administrators change, one function per request. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type { InstancePolicyUpdate, UserAdmin, UserAdminUpdate } from '@/api/types';

type Target = Pick<UserAdmin, 'id'>;

const of = ({ id }: Target) => ({ path: { user_id: id } });

export const updateUserAdmin = (user: Target, body: UserAdminUpdate) =>
  unwrap(api.PATCH('/api/v1/users/{user_id}', { params: of(user), body }));

/** A link that sets a new password once; mailed too, where mail is set up. */
export const resetUser = (user: Target) =>
  unwrap(api.POST('/api/v1/users/{user_id}/reset', { params: of(user) }));

export const removeFactors = (user: Target) =>
  unwrap(api.DELETE('/api/v1/users/{user_id}/factors', { params: of(user) }));

export const updatePolicy = (body: InstancePolicyUpdate) =>
  unwrap(api.PATCH('/api/v1/instance/policy', { body }));

export async function refreshUsers(client: QueryClient) {
  void client.invalidateQueries({ queryKey: keys.audit });
  await client.invalidateQueries({ queryKey: keys.users });
}
