/**
 * A description without the dialogues in it: the server says what the examples are
 * (`examples`), this says what is left for a person to read.
 */
const OPEN = String.raw`<examples?(?:[\s\d_:][^<>\n]{0,80})?>`;
const BLOCK = new RegExp(String.raw`${OPEN}[\s\S]*?(?:</example>|(?=${OPEN})|$)`, 'gi');
const STRAY = /<\/?(?:examples?|commentary)(?:[\s\d_:][^<>\n]{0,80})?>/gi;
/** "Examples:", alone at the end of a line, once nothing follows it any more. */
const LEAD_IN =
  /(?:^|[ \t\n.])(?:(?:here are )?(?:some |a few )?(?:usage )?examples?(?: include| of use| usage)?|for example)[ \t]*:[ \t]*(?=\n|$)/gi;

/** Authors write `\n` in one-line YAML and mean a line break. */
const breakLines = (text: string) =>
  text.replace(/(?<!\\)\\{1,2}n/g, '\n').replace(/(?<!\\)\\{1,2}t/g, ' ');

export function proseOf(description: string): string {
  return breakLines(description)
    .replace(BLOCK, '\n')
    .replace(STRAY, '')
    .replace(LEAD_IN, (match) => (/^[.]/.test(match) ? '.' : ''))
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n (?=\S)/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The first sentence or so, on one line, for lists. */
export function summaryOf(description: string): string {
  return proseOf(description).replace(/\s+/g, ' ');
}
