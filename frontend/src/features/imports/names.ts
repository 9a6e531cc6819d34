const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MOST = 64;

export function nameProblem(name: string): string | null {
  if (!name) return 'Enter a name';
  if (name.length > MOST) return `Use ${MOST} characters or fewer`;
  return NAME.test(name) ? null : 'Use lower-case letters, digits and single hyphens';
}

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/**
 * Names to try for a file whose own is taken: what its file is called, the folder that
 * tells it from the others, then numbers.
 */
export function nameProposals(name: string, path: string): string[] {
  const parts = path.split('/');
  const stem = slug((parts.at(-1) ?? '').replace(/\.[a-z]+$/i, ''));
  const folder = slug(
    parts.slice(0, -1).findLast((part) => !['agents', '.claude'].includes(part)) ?? '',
  );
  const words = [
    /[a-z]/.test(stem) && !/[0-9a-f]{12}/.test(stem) ? stem : '',
    folder && `${folder}-${name}`,
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${name}-${n}`),
  ];
  return [...new Set(words)].filter(
    (word) => word && word !== name && nameProblem(word) === null,
  );
}
