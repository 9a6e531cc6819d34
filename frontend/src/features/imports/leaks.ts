/** Files that would put what looks like a secret into a revision. */
import { allFilesQuery } from './queries';
import type { ImportFile } from './types';

const RULES = ['secret.literal', 'server.literal-secret'];

export const isSecretRule = ({ rule }: { rule: string }) => RULES.includes(rule);

export const isUndecidedLeak = ({
  literal_secrets,
  secrets,
  decision,
  result,
}: ImportFile) =>
  literal_secrets > 0 &&
  secrets === null &&
  decision !== 'skip' &&
  decision !== 'reuse' &&
  !result;

export const leaksQuery = (id: string) => ({
  ...allFilesQuery(id, { secrets: 'undecided' }),
  // The server says which; a decision that is under way shows at once.
  select: (files: ImportFile[]) => files.filter(isUndecidedLeak),
});
