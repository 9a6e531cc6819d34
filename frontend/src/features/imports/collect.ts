/** From what a person drops or picks to files with relative paths. */

export interface Collected {
  path: string;
  file: File;
}

/** One thing that was dropped or picked: a file, an archive, or a folder with its files. */
export interface Source {
  id: string;
  name: string;
  kind: 'file' | 'archive' | 'folder';
  files: Collected[];
  /** Names of what was left out, because tools put it there and nobody means it. */
  leftOut: string[];
}

/** Tools fill these; the server would leave them out as well, after the upload. */
const JUNK_FOLDERS = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '__MACOSX',
  '.venv',
]);
const JUNK_FILES = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '.localized']);

const isJunk = (name: string) => JUNK_FILES.has(name) || name.startsWith('._');
export const isArchive = (name: string) => /\.(?:zip|tar|tar\.gz|tgz)$/i.test(name);

let made = 0;
const identify = () => `source-${++made}`;

function single(file: File): Source {
  return {
    id: identify(),
    name: file.name,
    kind: isArchive(file.name) ? 'archive' : 'file',
    files: [{ path: file.name, file }],
    leftOut: [],
  };
}

const folder = (name: string): Source => ({
  id: identify(),
  name,
  kind: 'folder',
  files: [],
  leftOut: [],
});

function leaveOut(source: Source, name: string) {
  if (!source.leftOut.includes(name)) source.leftOut.push(name);
}

const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;

const fileOf = (entry: FileSystemEntry) =>
  new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  );

/** All children: browsers hand out a hundred at a time. */
async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemDirectoryEntry, path: string, into: Source) {
  for (const child of await childrenOf(entry)) {
    const at = `${path}/${child.name}`;
    if (isDirectory(child)) {
      if (JUNK_FOLDERS.has(child.name)) leaveOut(into, child.name);
      else await walk(child, at, into);
    } else if (isJunk(child.name)) {
      leaveOut(into, child.name);
    } else {
      into.files.push({ path: at, file: await fileOf(child) });
    }
  }
}

/**
 * What a drop holds, folders walked to their ends. The entries are taken before the
 * first wait: a browser empties the drop as soon as its event is over.
 */
export async function fromDrop(data: DataTransfer): Promise<Source[]> {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const dropped = items.map((item) => ({
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile(),
  }));
  const sources: Source[] = [];
  for (const { entry, file } of dropped) {
    if (entry && isDirectory(entry)) {
      const source = folder(entry.name);
      await walk(entry, entry.name, source);
      sources.push(source);
    } else if (file) {
      sources.push(single(file));
    }
  }
  return sources;
}

/** What the file or folder dialog gave. */
export function fromPicker(files: Iterable<File>): Source[] {
  const sources: Source[] = [];
  const folders = new Map<string, Source>();
  for (const file of files) {
    const path = file.webkitRelativePath;
    const parts = path.split('/');
    const [root] = parts;
    if (!path || !root || parts.length < 2) {
      sources.push(single(file));
      continue;
    }
    let source = folders.get(root);
    if (!source) {
      source = folder(root);
      folders.set(root, source);
      sources.push(source);
    }
    const junk = isJunk(file.name)
      ? file.name
      : parts.slice(1, -1).find((name) => JUNK_FOLDERS.has(name));
    if (junk) {
      leaveOut(source, junk);
    } else {
      source.files.push({ path, file });
    }
  }
  return sources;
}
