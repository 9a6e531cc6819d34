import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const backend = join(
  dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
  'backend',
);

interface Outcome {
  code: number | null;
  /** What it wrote, errors too. */
  text: string;
}

/** A computer with nothing on it but git and the real command line of Roster. */
export class Shell {
  private readonly running = new Set<ChildProcess>();

  private constructor(
    private readonly root: string,
    private readonly env: Record<string, string>,
  ) {}

  static async open(): Promise<Shell> {
    const root = await mkdtemp(join(tmpdir(), 'roster-shell-'));
    const [home, bin, project] = ['home', 'bin', 'project'].map((one) =>
      join(root, one),
    ) as [string, string, string];
    for (const folder of [home, bin, project]) await mkdir(folder);
    const python = join(backend, '.venv', 'bin', 'python');
    const roster = join(bin, 'roster');
    const script = `#!/bin/sh\nPYTHONPATH='${backend}' exec '${python}' -m roster "$@"\n`;
    await writeFile(roster, script);
    await chmod(roster, 0o755);
    const path = `${bin}:${process.env.PATH ?? ''}`;
    // Else a desktop would open its own browser, and ask its own keyring.
    const own = { BROWSER: 'true', PYTHON_KEYRING_BACKEND: NO_KEYRING };
    return new Shell(root, { PATH: path, HOME: home, LANG: 'C.UTF-8', ...own });
  }

  /** Runs a command as it is pasted, in the folder of the project. */
  async run(command: string, variables: Record<string, string> = {}) {
    const started = this.start(command, variables);
    return await started.outcome;
  }

  /** The same for one that waits for something; `seen` gives what it wrote so far. */
  start(command: string, variables: Record<string, string> = {}) {
    const child = spawn('bash', ['-c', command], {
      cwd: this.project,
      env: { ...this.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running.add(child);
    let text = '';
    const take = (data: Buffer) => {
      text += data.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const outcome = once(child, 'close').then(([code]): Outcome => {
      this.running.delete(child);
      return { code, text };
    });
    return { seen: () => text, outcome };
  }

  private get project(): string {
    return join(this.root, 'project');
  }

  /** Paths of all files below a folder of the project, hidden ones too. */
  async files(folder = '.'): Promise<string[]> {
    const top = join(this.project, folder);
    await access(top);
    const found = await readdir(top, { recursive: true, withFileTypes: true });
    return found
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(top.length + 1))
      .sort();
  }

  async close(): Promise<void> {
    for (const child of this.running) child.kill('SIGKILL');
    await rm(this.root, { recursive: true, force: true });
  }
}

const NO_KEYRING = 'keyring.backends.fail.Keyring';
