import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type SessionPublic = Schemas['SessionPublic'];
export type Factors = Schemas['FactorsPublic'];
export type TotpSetup = Schemas['TotpSetup'];
export type Scope = Schemas['Scope'];
export type ApiTokenPublic = Schemas['ApiTokenPublic'];
export type ApiTokenCreated = Schemas['ApiTokenCreated'];
export type TokenRequest = Schemas['ApiTokenCreate'];
