/** Mail of the journeys' instance, which has no mail server: it waits in a folder. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';

/** Soft line breaks and `=3D` of quoted-printable. */
const decoded = (text: string) =>
  text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

/** The mails to an address that came since a moment, the newest last. */
function mailsTo(address: string, since: number): string[] {
  const outbox = join(process.env.ROSTER_DATA ?? '', 'outbox');
  return readdirSync(outbox)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => join(outbox, name))
    .map((path) => ({ path, at: statSync(path).mtimeMs }))
    .filter(({ at }) => at >= since)
    .sort((one, other) => one.at - other.at)
    .map(({ path }) => readFileSync(path, 'utf8'))
    .filter((mail) => new RegExp(`^To: .*${address}`, 'm').test(mail));
}

/** The address in the app that a mail sends its reader to, once it has come. */
export async function mailedLink(
  address: string,
  page: 'reset' | 'verify' | 'join',
  since: number,
): Promise<string> {
  let link = '';
  await expect
    .poll(() => {
      const mails = mailsTo(address, since).map(decoded);
      const found = mails.map(
        (mail) => new RegExp(`/${page}#[\\w.~-]+`).exec(mail)?.[0],
      );
      link = found.filter((one) => one !== undefined).at(-1) ?? '';
      return link;
    }, `mail to ${address} with a link to /${page}`)
    .not.toBe('');
  return link;
}
