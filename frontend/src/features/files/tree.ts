/** The files of a component as folders within folders, and what each can be shown as. */

export interface TreeNode<F> {
  /** The last part of the path. */
  name: string;
  path: string;
  /** None for a file. */
  children: TreeNode<F>[] | null;
  file: F | null;
}

/** Folders first, each in the order of its names; the main file at the very top. */
export function treeOf<F extends { path: string }>(
  files: readonly F[],
  main: string,
): TreeNode<F>[] {
  const top: TreeNode<F>[] = [];
  for (const file of files) {
    const parts = file.path.split('/');
    let level = top;
    for (const [index, name] of parts.slice(0, -1).entries()) {
      const path = parts.slice(0, index + 1).join('/');
      let folder = level.find((node) => node.children && node.path === path);
      if (!folder) {
        folder = { name, path, children: [], file: null };
        level.push(folder);
      }
      level = folder.children ?? [];
    }
    level.push({ name: parts.at(-1) ?? '', path: file.path, children: null, file });
  }
  sort(top, main);
  return top;
}

function sort<F>(nodes: TreeNode<F>[], main: string) {
  const rank = (node: TreeNode<F>) => (node.path === main ? 0 : node.children ? 1 : 2);
  nodes.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
  for (const node of nodes) if (node.children) sort(node.children, main);
}

export type Look = 'markdown' | 'image' | 'text' | 'binary';

const IMAGES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  ico: 'image/x-icon',
  bmp: 'image/bmp',
};

const endingOf = (path: string) => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** Never one that could hold a script, such as SVG. */
export const imageType = (path: string): string | undefined => IMAGES[endingOf(path)];

/** What the bytes say, where they are no text. */
export function textOf(bytes: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

export function lookOf(path: string, text: string | null): Look {
  if (imageType(path)) return 'image';
  if (text === null) return 'binary';
  return /^(md|markdown|mdx)$/.test(endingOf(path)) ? 'markdown' : 'text';
}

/** How the editor colours it. */
export const languageOf = (path: string) =>
  /^(json|ya?ml)$/.test(endingOf(path))
    ? ('json' as const)
    : lookOf(path, '') === 'markdown'
      ? ('agent' as const)
      : ('plain' as const);

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilo = bytes / 1024;
  return kilo < 1024
    ? `${numbers.format(kilo)} KiB`
    : `${numbers.format(kilo / 1024)} MiB`;
}

/** Why a path cannot be given to a file; null where it can. */
export function pathProblem(
  path: string,
  taken: readonly string[],
  main: string,
): string | null {
  if (!path.trim()) return 'Write a path, such as references/style.md.';
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    return 'Write it without empty parts, “.” and “..”.';
  }
  if (path.toLowerCase() === main.toLowerCase()) {
    return `${main} is the text of the draft itself.`;
  }
  if (taken.includes(path)) return 'There is a file with this path.';
  const inside = taken.find(
    (one) => one.startsWith(`${path}/`) || path.startsWith(`${one}/`),
  );
  return inside ? `It cannot be beside ${inside}, one being the other’s folder.` : null;
}
