import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const backend = join(root, 'backend');

interface Pushed {
  url: string;
  commit: string;
}

/** A real git server on loopback; it goes with the journey that started it. */
export class GitServer {
  private readonly process: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  constructor() {
    this.process = spawn(
      join(backend, '.venv', 'bin', 'python'),
      ['-m', 'tests.services.told_git_server'],
      { cwd: backend, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const { stdout } = this.process;
    if (!stdout) throw new Error('The git server does not answer.');
    this.answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** Commits files to a repository, which is made if it is not there. */
  async push(
    repository: string,
    files: Record<string, string | null>,
    token: string | null = null,
  ): Promise<Pushed> {
    this.process.stdin?.write(`${JSON.stringify({ repository, files, token })}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error('The git server has ended.');
    return JSON.parse(value) as Pushed;
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.stdin?.end();
    await ended;
  }
}
