import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { components } from '@/api/schema';

export type DeviceRequest = components['schemas']['DeviceRequest'];
export type DeviceApproval = components['schemas']['DeviceApproval'];

const path = (code: string) => ({ params: { path: { user_code: code } } });

export const deviceQuery = (code: string) =>
  queryOptions({
    queryKey: ['device', code],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/auth/device/{user_code}', { ...path(code), signal })),
    // It changes by what is done on this page alone; and wrong codes are counted.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const approveDevice = (code: string, body: DeviceApproval) =>
  unwrap(api.POST('/api/v1/auth/device/{user_code}/approval', { ...path(code), body }));

export const denyDevice = (code: string) =>
  unwrap(api.POST('/api/v1/auth/device/{user_code}/denial', path(code)));
