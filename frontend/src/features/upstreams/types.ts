/** Repositories and upstreams by name. */
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Every = Schemas['Every'];
export type CheckOutcome = Schemas['CheckOutcome'];
export type Repository = Schemas['RepositoryPublic'];
export type RepositoryChange = Schemas['RepositoryUpdate'];
export type RepositoryComponent = Schemas['Belonging'];
export type Upstream = Schemas['UpstreamPublic'];
export type UpstreamMerge = Schemas['UpstreamMerge'];
