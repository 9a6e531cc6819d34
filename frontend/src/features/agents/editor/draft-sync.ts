/**
 * Keeps the text of one edit and the server's draft the same. One request at a time;
 * what the server has not confirmed is in the backup.
 */
import { isOffline, subscribeNetwork } from '@/api/network';
import { isProblem, OfflineError } from '@/api/problem';
import type { Draft } from '@/api/types';
import type { DraftWrite } from './api';
import type { Backup } from './backup';
import type { Base, Ground, Local } from './reconcile';

export type SaveState =
  /** Nothing typed that is not published. */
  | { is: 'unchanged' }
  | { is: 'waiting' }
  | { is: 'saving' }
  | { is: 'saved'; at: number }
  | { is: 'offline'; kept: boolean }
  /** The draft was changed or removed elsewhere. */
  | { is: 'stale' }
  | { is: 'refused'; error: Error; kept: boolean };

export interface EditState {
  text: string;
  save: SaveState;
  base: Base;
}

export type SaveDraft = (
  body: DraftWrite,
  etag: string | null,
  keepalive: boolean,
) => Promise<Draft>;

export const SAVE_AFTER_MS = 1_000;
const RETRY_MS = 5_000;

export class DraftSync {
  private state: EditState;
  private ground: Ground;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private inFlight: Promise<void> | null = null;
  private held = false;
  private listeners = new Set<() => void>();

  constructor(
    start: Local,
    private readonly backup: Backup,
    private readonly save: SaveDraft,
    savedAt: number | null = null,
  ) {
    const { text, ...ground } = start;
    this.ground = ground;
    let is: SaveState = { is: 'unchanged' };
    if (text !== ground.confirmed) {
      this.keep(text);
      is = { is: 'waiting' };
    } else if (ground.etag !== null) {
      is = { is: 'saved', at: savedAt ?? Date.now() };
    }
    this.state = { text, base: ground.base, save: is };
  }

  /** Listens to the network until the returned function is called. */
  connect(): () => void {
    const stop = subscribeNetwork(() => {
      if (!isOffline() && this.state.save.is === 'offline') void this.flush();
    });
    if (this.isDirty()) this.schedule(SAVE_AFTER_MS);
    return () => {
      stop();
      clearTimeout(this.timer);
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): EditState => this.state;

  local = (): Local => ({ ...this.ground, text: this.state.text });

  isDirty(): boolean {
    const { confirmed, etag, draftBase, base } = this.ground;
    const moved = etag !== null && draftBase !== base.digest;
    return this.state.text !== confirmed || moved;
  }

  edit = (text: string): void => {
    this.state = { ...this.state, text };
    if (!this.isDirty()) {
      this.backup.clear();
      clearTimeout(this.timer);
      const kept = this.ground.etag !== null;
      this.show(kept ? { is: 'saved', at: Date.now() } : { is: 'unchanged' });
      return;
    }
    const kept = this.keep();
    if (this.state.save.is === 'stale') this.show({ is: 'stale' });
    else if (this.inFlight) this.show({ is: 'saving' });
    else if (this.state.save.is === 'offline') this.show({ is: 'offline', kept });
    else {
      this.show({ is: 'waiting' });
      this.schedule(SAVE_AFTER_MS);
    }
  };

  /** Saves now; resolves to whether the server has the whole text. */
  flush = async (keepalive = false): Promise<boolean> => {
    clearTimeout(this.timer);
    while (this.inFlight) await this.inFlight;
    if (this.held || this.state.save.is === 'stale') {
      return !this.isDirty();
    }
    if (this.isDirty()) {
      this.inFlight = this.send(this.save, keepalive).finally(() => {
        this.inFlight = null;
      });
      await this.inFlight;
      // Typed while that was under way.
      if (this.isDirty() && this.state.save.is === 'waiting') {
        this.schedule(SAVE_AFTER_MS);
      }
    }
    return !this.isDirty();
  };

  /**
   * Changes what stands beside the text in the same draft, which the server counts as
   * a change of the draft: one after the other, and never while the text is saved.
   *
   * @param work Is given the draft's ETag, and gives the one that it has afterwards.
   */
  async beside(work: (etag: string) => Promise<string>): Promise<void> {
    while (this.inFlight) await this.inFlight;
    if (this.held || this.state.save.is === 'stale') {
      throw new Error('The draft is being published, or was changed elsewhere.');
    }
    clearTimeout(this.timer);
    const running = this.changeBeside(this.save, work);
    this.inFlight = running
      .catch(() => {})
      .finally(() => {
        this.inFlight = null;
      });
    await running;
  }

  private async changeBeside(
    save: SaveDraft,
    work: (etag: string) => Promise<string>,
  ): Promise<void> {
    const { text } = this.state;
    const { base } = this.ground;
    try {
      if (this.ground.etag === null) {
        const made = await save(
          { content: text, base_digest: base.digest },
          null,
          false,
        );
        const { etag, base_digest: draftBase } = made;
        this.ground = { ...this.ground, confirmed: text, etag, draftBase };
      }
      this.ground = { ...this.ground, etag: await work(this.ground.etag ?? '') };
      if (this.isDirty()) {
        this.keep();
        this.schedule(SAVE_AFTER_MS);
      } else {
        this.backup.clear();
        this.show({ is: 'saved', at: Date.now() });
      }
    } catch (error) {
      if (isProblem(error, 'stale')) this.show({ is: 'stale' });
      else if (this.isDirty()) this.schedule(SAVE_AFTER_MS);
      throw error;
    }
  }

  /** Saves nothing while the text is being published. */
  async hold(): Promise<void> {
    this.held = true;
    clearTimeout(this.timer);
    while (this.inFlight) await this.inFlight;
  }

  release(): void {
    this.held = false;
    if (this.isDirty()) this.schedule(SAVE_AFTER_MS);
  }

  /** The text was published or discarded: nothing is left to save. */
  finish(): void {
    this.held = true;
    clearTimeout(this.timer);
    const gone = { etag: null, draftBase: null };
    this.ground = { ...this.ground, ...gone, confirmed: this.state.text };
    this.backup.clear();
    this.show({ is: 'unchanged' });
  }

  /** Goes on from another state of the server, after a conflict or news of it. */
  reset({ text, ...ground }: Local): void {
    if (ground.etag === null || ground.etag !== this.ground.etag) {
    }
    this.ground = ground;
    this.state = { text, base: ground.base, save: { is: 'unchanged' } };
    this.edit(text);
  }

  private async send(save: SaveDraft, keepalive: boolean): Promise<void> {
    const { text } = this.state;
    const { base, etag } = this.ground;
    this.show({ is: 'saving' });
    try {
      const body = { content: text, base_digest: base.digest };
      const draft = await save(body, etag, keepalive);
      const { etag: saved, base_digest: draftBase } = draft;
      this.ground = { ...this.ground, confirmed: text, etag: saved, draftBase };
      if (this.state.text === text) {
        this.backup.clear();
        this.show({ is: 'saved', at: Date.now() });
      } else {
        this.keep();
        this.show({ is: 'waiting' });
      }
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    const kept = this.keep();
    if (error instanceof OfflineError) {
      this.show({ is: 'offline', kept });
    } else if (isProblem(error, 'stale')) {
      this.show({ is: 'stale' });
    } else {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.show({ is: 'refused', error: failure, kept });
      const passing = isProblem(error) && (error.status === 429 || error.status >= 500);
      if (passing) this.schedule((error.retryAfter ?? 0) * 1000 || RETRY_MS);
    }
  }

  private keep(content = this.state.text): boolean {
    const { confirmed, etag, base } = this.ground;
    return this.backup.write({
      content,
      confirmed,
      etag,
      baseDigest: base.digest,
      baseNumber: base.number,
    });
  }

  private schedule(after: number): void {
    clearTimeout(this.timer);
    if (!this.held) this.timer = setTimeout(() => void this.flush(), after);
  }

  private show(save: SaveState): void {
    this.state = { ...this.state, save, base: this.ground.base };
    for (const listener of this.listeners) listener();
  }
}
