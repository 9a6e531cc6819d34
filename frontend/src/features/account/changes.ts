import { api, unwrap } from '@/api/client';
import type { TokenRequest } from './types';

export const changePassword = (body: {
  current_password: string;
  new_password: string;
}) => unwrap(api.POST('/api/v1/auth/password', { body }));

export const revokeSession = (id: string) =>
  unwrap(
    api.DELETE('/api/v1/auth/sessions/{session_id}', {
      params: { path: { session_id: id } },
    }),
  );

export const signOutElsewhere = () =>
  unwrap(
    api.POST('/api/v1/auth/logout-all', {
      params: { query: { keep_current: true } },
    }),
  );

export const startTotp = (password: string) =>
  unwrap(api.POST('/api/v1/auth/factors/totp', { body: { password } }));

export const confirmTotp = (code: string) =>
  unwrap(api.POST('/api/v1/auth/factors/totp/confirm', { body: { code } }));

export const removeTotp = (password: string) =>
  unwrap(api.POST('/api/v1/auth/factors/totp/remove', { body: { password } }));

export const renewRecoveryCodes = (password: string) =>
  unwrap(api.POST('/api/v1/auth/factors/recovery-codes', { body: { password } }));

export const makeToken = (body: TokenRequest) =>
  unwrap(api.POST('/api/v1/auth/tokens', { body }));

export const rotateToken = (id: string) =>
  unwrap(
    api.POST('/api/v1/auth/tokens/{token_id}/rotate', {
      params: { path: { token_id: id } },
    }),
  );

export const revokeToken = (id: string) =>
  unwrap(
    api.DELETE('/api/v1/auth/tokens/{token_id}', {
      params: { path: { token_id: id } },
    }),
  );
