/** The text with LF, as editors hold it. */
export const toLf = (text: string) => text.replace(/\r\n?/g, '\n');

/** CRLF where every line ends so; a mixture becomes LF once it is edited. */
export const newlineOf = (text: string): '\n' | '\r\n' =>
  text.includes('\r\n') && !/(^|[^\r])\n/.test(text) ? '\r\n' : '\n';

export const withNewlines = (text: string, newline: '\n' | '\r\n') =>
  newline === '\n' ? toLf(text) : toLf(text).replaceAll('\n', newline);
