/** The report of an import as Markdown, for a ticket, a mail or a pull request. */
import { originOf } from './origin';
import { howOf } from './ReportList';
import type { ImportFile, ImportPublic } from './types';
import { nameOf } from './use-decide';
import { count, leftAsideOf, reportOf, resultNames, results } from './wording';

/** Longer tables are cut: whoever wants all of it has the link. */
const MOST = 500;

/** Text between the pipes of a table: on one line, nothing in it means anything. */
const cell = (text: string) =>
  text.replace(/\s+/g, ' ').replace(/[\\|`*_<>[\]]/g, (mark) => `\\${mark}`);

/** A pipe ends a cell even in code. */
const code = (text: string) =>
  /[`|\\]|\s\s|\n/.test(text) ? cell(text) : `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.slice(0, MOST)];
  const more = rows.length - MOST;
  return [
    ...lines.map((row) => `| ${row.join(' | ')} |`),
    ...(more > 0 ? ['', `…and ${count(more)} more.`] : []),
  ].join('\n');
}

export function reportMarkdown(
  of: ImportPublic,
  files: readonly ImportFile[],
  address: string,
): string {
  const done = of.results;
  const origin = originOf(of);
  const aside = leftAsideOf(of.headline.left_aside);
  const title = done
    ? reportOf(done, of.headline.components)
    : 'Nothing is applied yet';
  const parts = [
    `## Import into ${of.team.slug}: ${title}`,
    [origin && `From ${origin}.`, aside && `${aside}.`, address]
      .filter(Boolean)
      .join('\n\n'),
  ];
  for (const result of resultNames) {
    const rows = files
      .filter((file) => file.result?.outcome === result)
      .map((file) => [cell(nameOf(file)), code(file.path), cell(howOf(file))]);
    if (rows.length === 0) continue;
    parts.push(
      `### ${results[result].label} (${rows.length})`,
      table(['Name', 'File', 'How'], rows),
    );
  }
  const refused = files.filter(({ outcome }) => outcome === 'refused');
  if (refused.length > 0) {
    parts.push(
      `### Refused (${refused.length})`,
      table(
        ['File', 'Why', 'Where'],
        refused.map(({ path, reason, place }) => [
          code(path),
          cell(reason),
          cell(place),
        ]),
      ),
    );
  }
  return `${parts.join('\n\n')}\n`;
}
