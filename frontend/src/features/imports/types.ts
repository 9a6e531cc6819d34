/** The resources of imports by name, as the pages of this folder use them. */
import type { ImportFile, ImportPublic } from '@/api/types';

export type {
  ImportDecision,
  ImportFile,
  ImportFileDetail,
  ImportOutcome,
  ImportPublic,
  ImportTreeFile,
  SecretsDecision,
} from '@/api/types';

export type ImportState = ImportPublic['state'];
export type RuleCount = ImportPublic['rules'][number];
export type SameAs = ImportFile['same_as'][number];
