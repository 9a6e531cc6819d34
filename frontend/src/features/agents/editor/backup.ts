/**
 * What the server has not confirmed, in this tab's storage: it outlives a reload, a
 * lost connection and signing in again, and goes when the tab is closed.
 */
export interface BackupEntry {
  content: string;
  /** What the server had when this was typed, and under which ETag. */
  confirmed: string;
  etag: string | null;
  baseDigest: string;
  baseNumber: number;
}

export interface Backup {
  read: () => BackupEntry | null;
  /** False when the browser refused to keep it. */
  write: (entry: BackupEntry) => boolean;
  clear: () => void;
}

/** `what` is the id of a component, or "new". */
export function tabBackup(userId: string, what: string): Backup {
  const key = `roster-editor:${userId}:${what}`;
  return {
    read: () => {
      try {
        const entry: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
        return isEntry(entry) ? entry : null;
      } catch {
        return null;
      }
    },
    write: (entry) => {
      try {
        sessionStorage.setItem(key, JSON.stringify(entry));
        return true;
      } catch {
        return false;
      }
    },
    clear: () => {
      try {
        sessionStorage.removeItem(key);
      } catch {
        // A browser that refuses storage holds nothing to remove.
      }
    },
  };
}

function isEntry(value: unknown): value is BackupEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<BackupEntry>;
  return (
    typeof entry.content === 'string' &&
    typeof entry.confirmed === 'string' &&
    (entry.etag === null || typeof entry.etag === 'string') &&
    typeof entry.baseDigest === 'string' &&
    typeof entry.baseNumber === 'number'
  );
}
