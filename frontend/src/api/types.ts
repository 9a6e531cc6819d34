/** The resources of the API by name. Pages import from here, never from the schema. */
export type Severity = 'error' | 'warning' | 'info';
export type Worst = Severity | 'fine';
export type KindName = 'agent' | 'skill' | 'command' | 'server';
export type Visibility = 'private' | 'internal' | 'public';
export type Role = 'owner' | 'editor' | 'viewer';

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total?: number | null;
}

export interface FieldError {
  loc: string;
  message: string;
  code: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string | null;
  instance?: string | null;
  request_id?: string | null;
  timestamp?: string | null;
  errors?: FieldError[];
}

export interface Instance {
  name: string;
  version: string;
  setup_required: boolean;
  registration_open: boolean;
  samples_available: boolean;
  limits: { upload_bytes: number; import_files: number; file_bytes: number };
}

export interface TeamMembership {
  id: string;
  slug: string;
  name: string;
  is_personal: boolean;
  role: Role;
}

export interface UserMe {
  id: string;
  username: string;
  email: string;
  display_name: string | null;
  is_admin: boolean;
  created_at: string;
  teams: TeamMembership[];
}

export interface Author {
  id: string;
  username: string;
  display_name: string | null;
}

export interface Token {
  access_token: string;
  token_type: string;
  expires_in: number;
  refresh_token?: string | null;
}

export interface Edit {
  start: number;
  end: number;
  text: string;
}

export interface Fix {
  title: string;
  edits: Edit[];
  safe: boolean;
}

export interface Finding {
  rule: string;
  severity: Severity;
  /** 1-based; columns count code points of the decoded text. */
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  message: string;
  evidence: string | null;
  fix: Fix | null;
}

export interface Example {
  context: string | null;
  user: string;
  assistant: string | null;
  commentary: string | null;
}

export interface Health {
  worst: Worst;
  errors: number;
  warnings: number;
  infos: number;
}

export type Manifest = Record<string, unknown>;

export interface ComponentPublic {
  id: string;
  kind: string;
  team: { id: string; slug: string; name: string };
  name: string;
  display_name: string | null;
  /** `agent:team/name` */
  reference: string;
  description: string;
  visibility: Visibility;
  etag: string;
  latest: { number: number; digest: string; published_at: string; author: Author };
  labels: { name: string; number: number }[];
  model: string | null;
  tools: string[] | null;
  health: Health;
  description_tokens: number;
  body_tokens: number;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
  permissions: { edit: boolean; manage: boolean };
  draft: boolean;
}

export interface AgentPublic extends ComponentPublic {
  manifest: Manifest;
  body: string;
  findings: Finding[];
  examples: Example[];
  content: string;
}

export interface FacetValue {
  value: string;
  count: number;
}
export type Facets = Record<
  'team' | 'model' | 'tool' | 'label' | 'health',
  FacetValue[]
>;

export interface RevisionSummary {
  number: number;
  digest: string;
  message: string | null;
  author: Author;
  created_at: string;
  labels: string[];
  source: 'editor' | 'api' | 'import' | 'sample';
  health: Health;
  description_tokens: number;
  body_tokens: number;
}

export interface RevisionPublic extends RevisionSummary {
  /** `roster:agent:team/name@3` */
  identifier: string;
  manifest: Manifest;
  body: string;
  content: string;
  encoding: string;
  findings: Finding[];
  examples: Example[];
  files: { path: string; mode: number | string; size: number; digest: string }[];
  repaired: string | null;
}

export interface RevisionDiff {
  from: { number: number; digest: string };
  to: { number: number; digest: string };
  identical: boolean;
  files: {
    path: string;
    status: 'added' | 'removed' | 'changed' | 'same';
    additions: number;
    deletions: number;
    unified: string;
  }[];
  manifest: { key: string; old: unknown; new: unknown }[];
}

export interface Label {
  name: string;
  number: number;
  moved_by: Author;
  moved_at: string;
}

export interface Draft {
  content: string;
  base_number: number;
  base_digest: string;
  updated_at: string;
  etag: string;
}

export interface LintResult {
  ok: boolean;
  name: string | null;
  display_name: string | null;
  manifest: Manifest;
  body: string;
  findings: Finding[];
  repaired: string | null;
  examples: Example[];
  description_tokens: number;
  body_tokens: number;
  strict_yaml_ok: boolean | null;
}

export interface Rule {
  id: string;
  severity: Severity;
  title: string;
  help: string;
}

export type ImportOutcome =
  | 'new'
  | 'changed'
  | 'unchanged'
  | 'clash'
  | 'needs_repair'
  | 'left_aside'
  | 'refused';
export type ImportDecision = 'original' | 'repaired' | 'skip';

export interface ImportPublic {
  id: string;
  team: { id: string; slug: string; name: string };
  state: 'preview' | 'applied' | 'discarded';
  created_at: string;
  applied_at: string | null;
  author: Author;
  source: 'upload' | 'samples';
  headline: {
    agents: number;
    dropped_by_strict: number;
    description_tokens: number;
    left_aside: Record<string, number>;
  };
  counts: Record<ImportOutcome, number>;
  results: {
    created: number;
    published: number;
    unchanged: number;
    skipped: number;
  } | null;
  etag: string;
}

export interface ImportFile {
  id: string;
  path: string;
  outcome: ImportOutcome;
  reason: string | null;
  kind: string | null;
  name: string | null;
  description: string | null;
  size: number;
  strict_yaml_ok: boolean | null;
  has_repair: boolean;
  health: Health;
  examples: number;
  description_tokens: number;
  decision: ImportDecision | null;
  target_name: string | null;
  clash_with: { path: string | null; reference: string | null }[];
  result: {
    outcome: string;
    component_id: string | null;
    number: number | null;
  } | null;
}

export interface ImportFileDetail extends Omit<ImportFile, 'examples'> {
  original: string;
  repaired: string | null;
  current: string | null;
  findings: Finding[];
  examples: Example[];
}
