/** The resources of imports by name, as the pages of this folder use them. */

import type {
  ImportDecision as Decision,
  ImportFile as File,
  ImportFileDetail as FileDetail,
  ImportPublic as Public,
} from '@/api/types';
import type { JobRef } from '@/features/jobs/types';

export type { ImportOutcome, ImportTreeFile, SecretsDecision } from '@/api/types';

export type ImportState =
  | 'reading'
  | 'failed'
  | 'preview'
  | 'applying'
  | 'applied'
  | 'discarded';
export type ImportDecision = Decision | 'reuse';

export interface RuleCount {
  rule: string;
  files: number;
  repairable: number;
}

export type ImportPublic = Omit<Public, 'state' | 'source' | 'results'> & {
  state: ImportState;
  source: 'upload' | 'samples' | 'repository' | 'lock';
  results: (NonNullable<Public['results']> & { reused: number }) | null;
  job: JobRef | null;
  error: string;
  origin: string;
  commit: string | null;
  repository_id: string | null;
  rules: RuleCount[];
  leaks: number;
  looked_in: string[];
  open: Public['counts'];
};

export interface SameAs {
  reference: string;
  component_id: string;
  team: { id: string; slug: string; name: string };
}

interface Foreign {
  decision: ImportDecision | null;
  tool: string;
  notes: string[];
  elsewhere: { url: string; ref?: string; folder?: string } | null;
  licence: string | null;
  place: string;
  rules: string[];
  reuse: { component_id: string; reference: string } | null;
}

export type ImportFile = Omit<File, 'decision'> & Foreign & { same_as: SameAs[] };
export type ImportFileDetail = Omit<FileDetail, 'decision'> &
  Foreign & {
    /** Of a converted file: its text as it came in. */
    source: string | null;
  };
