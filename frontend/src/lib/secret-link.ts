/**
 * The secret of a mailed link, `/reset#…`. It leaves the address bar, and with it the
 * history, before anything is shown; it lives in memory until the page has used it.
 */
const held = new Map<string, string>();

export const holdSecret = (path: string, secret: string) => held.set(path, secret);

export const heldSecret = (path: string): string | null => held.get(path) ?? null;

export const dropSecret = (path: string) => held.delete(path);
