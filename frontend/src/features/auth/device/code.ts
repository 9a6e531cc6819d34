/** What the code of a device looks like: eight letters that nobody mistakes. */
const LETTERS = /[^BCDFGHJKLMNPQRSTVWXZ]/g;
const LENGTH = 8;
const GROUP = 4;

/** As it is shown, whatever was typed so far: "wdjbm" is "WDJB-M". */
export function shownCode(text: string): string {
  const letters = text.toUpperCase().replace(LETTERS, '').slice(0, LENGTH);
  const [first, second] = [letters.slice(0, GROUP), letters.slice(GROUP)];
  return second ? `${first}-${second}` : first;
}

export const isWholeCode = (text: string) => shownCode(text).length === LENGTH + 1;
