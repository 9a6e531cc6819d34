import { describe, expect, it } from 'vitest';
import { fromDrop, fromPicker } from './collect';

const file = (name: string, path = '') => {
  const made = new File(['x'], name);
  Object.defineProperty(made, 'webkitRelativePath', { value: path });
  return made;
};

type Entry = Pick<FileSystemEntry, 'name' | 'isDirectory' | 'isFile'>;

const fileEntry = (name: string) => ({
  name,
  isFile: true,
  isDirectory: false,
  file: (done: (file: File) => void) => done(file(name)),
});

/** Hands out its children in helpings, as browsers do. */
const directory = (name: string, children: Entry[], helping = 100) => ({
  name,
  isFile: false,
  isDirectory: true,
  createReader: () => {
    let at = 0;
    return {
      readEntries: (done: (entries: Entry[]) => void) => {
        done(children.slice(at, at + helping));
        at += helping;
      },
    };
  },
});

/** A drop that is empty as soon as its event is over. */
function drop(entries: { entry: Entry | null; file: File | null }[]): DataTransfer {
  let alive = true;
  queueMicrotask(() => {
    alive = false;
  });
  const items = entries.map((one) => ({
    kind: 'file',
    webkitGetAsEntry: () => (alive ? one.entry : null),
    getAsFile: () => (alive ? one.file : null),
  }));
  return { items } as unknown as DataTransfer;
}

const paths = (files: { path: string }[]) => files.map(({ path }) => path);

describe('fromDrop', () => {
  it('walks folders to their ends, hundreds of files in one of them', async () => {
    const many = Array.from({ length: 250 }, (_, index) => fileEntry(`${index}.md`));
    const tree = directory('repo', [
      directory('.claude', [directory('agents', many)]),
      fileEntry('README.md'),
    ]);
    const [source] = await fromDrop(drop([{ entry: tree, file: null }]));
    expect(source).toMatchObject({ name: 'repo', kind: 'folder' });
    expect(source?.files).toHaveLength(251);
    expect(source?.files[249]?.path).toBe('repo/.claude/agents/249.md');
  });

  it('leaves out what tools put there, and says what', async () => {
    const tree = directory('repo', [
      directory('node_modules', [fileEntry('agent.md')]),
      directory('.git', [fileEntry('config')]),
      fileEntry('.DS_Store'),
      fileEntry('agent.md'),
    ]);
    const [source] = await fromDrop(drop([{ entry: tree, file: null }]));
    expect(paths(source?.files ?? [])).toEqual(['repo/agent.md']);
    expect(source?.leftOut).toEqual(['node_modules', '.git', '.DS_Store']);
  });

  it('takes several things at once', async () => {
    const sources = await fromDrop(
      drop([
        { entry: directory('a', [fileEntry('x.md')]), file: null },
        { entry: fileEntry('b.tgz'), file: file('b.tgz') },
        { entry: null, file: file('c.md') },
      ]),
    );
    expect(sources.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'folder a',
      'archive b.tgz',
      'file c.md',
    ]);
  });

  it('fails when a folder cannot be read', async () => {
    const broken = {
      name: 'a',
      isFile: false,
      isDirectory: true,
      createReader: () => ({
        readEntries: (_: unknown, fail: (error: Error) => void) =>
          fail(new Error('gone')),
      }),
    };
    await expect(fromDrop(drop([{ entry: broken, file: null }]))).rejects.toThrow(
      'gone',
    );
  });
});

describe('fromPicker', () => {
  it('puts the files of a folder together under their relative paths', () => {
    const sources = fromPicker([
      file('a.md', 'repo/agents/a.md'),
      file('b.md', 'repo/b.md'),
      file('x.js', 'repo/node_modules/x/x.js'),
    ]);
    expect(sources).toHaveLength(1);
    expect(paths(sources[0]?.files ?? [])).toEqual(['repo/agents/a.md', 'repo/b.md']);
    expect(sources[0]?.leftOut).toEqual(['node_modules']);
  });

  it('takes single files by their names', () => {
    const sources = fromPicker([file('a.md'), file('b.ZIP')]);
    expect(sources.map(({ kind }) => kind)).toEqual(['file', 'archive']);
  });
});
