/** The resources of the API by name. Pages import from here, never from the schema. */
import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Severity = Schemas['Severity'];
export type Worst = Schemas['HealthLevel'];
export type Visibility = Schemas['Visibility'];
export type Role = Schemas['Role'];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
  total?: number | null;
}

export type FieldError = Schemas['FieldError'];
/** What a server that is not ours answers may lack most of it. */
export type Problem = Pick<Schemas['ProblemDocument'], 'type' | 'title' | 'status'> &
  Partial<Schemas['ProblemDocument']>;

export type Instance = Schemas['Instance'];
export type TeamMembership = Schemas['TeamMembership'];
export type UserMe = Schemas['UserMe'];
export type Author = Schemas['UserRef'];
export type Token = Schemas['Token'];
export type Registration = Schemas['UserCreate'];

export type Edit = Schemas['Edit'];
export type Fix = Schemas['Fix'];
export type Finding = Schemas['Finding'];
export type Example = Schemas['Example'];
export type Health = ComponentPublic['health'];
export type Manifest = Record<string, unknown>;

export type ComponentPublic = Schemas['ComponentPublic'];
/** One with a revision to show. */
export type Published = ComponentPublic & {
  latest: NonNullable<ComponentPublic['latest']>;
};
export type AgentPublic = Schemas['AgentPublic'];
export type KindName = NonNullable<Schemas['LintRequest']['kind']>;
export type Bulk =
  operations['change_components']['requestBody']['content']['application/json'];
export type BulkResult = Schemas['BulkResult'];
export type AgentQuery = NonNullable<operations['list_agents']['parameters']['query']>;
export type AgentPage = Schemas['ComponentPage'];
export type SearchAnswer = Schemas['SearchAnswer'];
export type Highlight = Schemas['Highlight'];
export type FacetValue = Schemas['FacetValue'];
export type Facets = Schemas['AgentFacets'];

export type RevisionSummary = Schemas['RevisionSummary'];
export type RevisionPublic = Schemas['RevisionPublic'];
export type RevisionDiff = Schemas['DiffPublic'];
export type Label = Schemas['LabelPublic'];
export type Draft = Schemas['DraftPublic'];
export type DraftSummary = Schemas['DraftSummary'];
export type DraftMerge = Schemas['DraftMerge'];
export type Resolved = Schemas['Resolved'];
export type Secret = Schemas['SecretPublic'];
export type LintResult = Schemas['LintResult'];
export type Rule = Schemas['Rule'];

export type ImportOutcome = Schemas['Outcome'];
export type ImportDecision = Schemas['Decision'];
export type SecretsDecision = Schemas['SecretsDecision'];
export type ImportPublic = Schemas['ImportPublic'];
export type ImportFile = Schemas['ImportFilePublic'];
export type ImportTreeFile = Schemas['ImportTreeFilePublic'];
export type ImportFileDetail = Schemas['ImportFileDetail'];

export type Team = Schemas['TeamPublic'];
export type TeamCreate = Schemas['TeamCreate'];
export type TeamUpdate = Schemas['TeamUpdate'];
export type Member = Schemas['MemberPublic'];
export type Invitation = Schemas['InvitationPublic'];
export type InvitationCreate = Schemas['InvitationCreate'];
export type InvitationCreated = Schemas['InvitationCreated'];
export type InvitationDetails = Schemas['InvitationDetails'];
export type InstancePolicy = Schemas['InstancePolicy'];
export type InstancePolicyUpdate = Schemas['InstancePolicyUpdate'];
export type UserAdmin = Schemas['UserAdmin'];
export type UserAdminUpdate = Schemas['UserAdminUpdate'];
export type UserQuery = NonNullable<operations['list_users']['parameters']['query']>;
export type AuditEvent = Schemas['AuditEventPublic'];
export type AuditQuery = NonNullable<
  operations['list_audit_events']['parameters']['query']
>;
export type AuditVerdict = Schemas['ChainReport'];

export type Collection = Schemas['CollectionPublic'];
export type CollectionDetail = Schemas['CollectionDetail'];
export type CollectionEntry = Schemas['EntryPublic'];
export type CollectionQuery = NonNullable<
  operations['list_collections']['parameters']['query']
>;
export type CollectionCreate = Schemas['CollectionCreate'];
export type CollectionUpdate = Schemas['CollectionUpdate'];
export type CollectionCopy = Schemas['CollectionCopy'];
export type EntryFollow = Schemas['Follow'];
export type EntryWrite = Schemas['EntryWrite'];
export type ReleaseSummary = Schemas['ReleaseSummary'];
export type Release = Schemas['ReleaseDetail'];
export type Changelog = Schemas['Changelog'];

export type Usage = Schemas['Usage'];
export type ReleaseUsage = Schemas['ReleaseUsage'];

export type ExportTarget = Schemas['TargetPublic'];
export type ExportSummary = Schemas['ExportSummary'];
export type ExportPreview = Schemas['ExportPreview'];
export type ExportedFile = Schemas['ExportedFile'];
export type ExportNote = Schemas['Note'];
export type ExportVariable = Schemas['Variable'];
export type Fate = Schemas['Fate'];
export type Weight = Schemas['Weight'];

export type LiveEvent = Schemas['LiveEvent'];
export type Stats = Schemas['Stats'];
export type StatsQuery = NonNullable<operations['read_stats']['parameters']['query']>;

export type Promotion = Schemas['PromotionPublic'];
export type PromotionDetail = Schemas['PromotionDetail'];
export type PromotionQuery = NonNullable<
  operations['list_promotions']['parameters']['query']
>;
export type PromotionCheck = Schemas['Check'];
export type Voice = Schemas['Voice'];
export type Permission = Schemas['Permission'];
export type Rollback = Schemas['RollbackResult'];
export type LabelPolicy = Schemas['LabelPolicyPublic'];
export type LabelPolicyWrite = Schemas['LabelPolicyWrite'];
export type Requirement = Schemas['Requirement'];

export type Job = Schemas['JobPublic'];
export type JobState = Schemas['JobState'];
export type JobLine = Schemas['JobLinePublic'];
export type JobQuery = NonNullable<operations['list_jobs']['parameters']['query']>;
export type JobQueues = Schemas['QueuesPublic'];
export type QueueName = Schemas['Queue'];
