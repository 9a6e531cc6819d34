const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What is wrong with a label that somebody wants to set, or null. */
export function labelError(name: string): string | null {
  if (!name) return 'Name the label';
  if (name === 'latest') return 'latest moves by itself to the newest revision';
  if (name.length > 64) return 'At most 64 characters';
  return NAME.test(name)
    ? null
    : 'Lower-case letters, digits and single hyphens between them';
}
