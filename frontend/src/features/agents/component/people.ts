import type { Author } from '@/api/types';

export const authorOf = ({ display_name, username }: Author) =>
  display_name || username;

export const sourceWords = {
  editor: 'written in the editor',
  api: 'published over the API',
  import: 'imported',
  sample: 'imported from the samples',
} as const;
