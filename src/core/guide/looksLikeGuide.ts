import { splitCells } from './brokenTables.ts';
import { parseDuration } from './durations.ts';
import { parseInlineCommand } from './inlineCommands.ts';
import { parseSeriesHeading } from './headingSeries.ts';
import { severityIdentifier } from './severityNames.ts';
import { alertPartLike, alertPartOf, kindOfName, words } from './vocabulary.ts';

const fenceLine = /^\s*(?:`{3,}|~{3,})\s*\{?\s*\.?([\w-]*)/;
const inlineCode = /`([^`]{4,300})`(?:[^`]{1,300}`([^`]{4,300})`)?/;
const isCommand = (code: string | undefined): boolean =>
  code !== undefined && parseInlineCommand(code) !== undefined;
const shellLanguage = /^(?:sh|bash|shell|zsh|console|pwsh|powershell)$/i;

/**
 * Whether a Markdown file is worth reading as a guide: it has a marker of ours, a table of severities with times,
 * headings of phases, the headings of an alert runbook, or commands under a heading that says runbooks. `file`, its path,
 * helps: in a folder of runbooks each file with a sub-heading or a command is one. One look at its lines, without parsing;
 * a README with install commands is none.
 */
export function looksLikeGuide(source: string, file = ''): boolean {
  if (/<!--\s*incident:/i.test(source)) return true;
  const isAmongRunbooks =
    words.runbooks.test(file) &&
    !/(?:^|[\\/])(?:readme|changelog|license|contributing)\b[^\\/]*$/i.test(file);
  const alertParts = new Set<string>();
  const partsElsewhere = new Set<string>();
  const phases = new Set<number>();
  const kinds = new Set<string>();
  let underRunbooks = 0; // the level of the heading that says runbooks; 0 outside
  let fence = '';
  let header: readonly string[] | undefined;
  let severities = 0;
  for (const raw of source.split(/\r\n?|\n/)) {
    const line = raw.length > 500 ? raw.slice(0, 500) : raw;
    if (fence !== '') {
      if (line.trimStart().startsWith(fence)) fence = '';
      continue;
    }
    const opened = fenceLine.exec(line);
    if (opened) {
      if ((underRunbooks > 0 || isAmongRunbooks) && shellLanguage.test(opened[1] ?? '')) return true;
      fence = line.includes('`') ? '```' : '~~~';
      continue;
    }
    const heading = /^\s{0,3}(#{1,6})\s+(\S.*)$/s.exec(line);
    if (heading) {
      const level = heading[1]?.length ?? 1;
      const text = (heading[2] ?? '').replace(/\s+#+\s*$/, '').trim();
      if (underRunbooks >= level) underRunbooks = 0;
      if (words.runbooks.test(text)) underRunbooks = level;
      const part = alertPartOf(text);
      if (part) alertParts.add(part);
      const series = parseSeriesHeading(text);
      const named = kindOfName(series?.name ?? text);
      if (named) kinds.add(named);
      if (series && !series.lettered && words.phase.test(series.word)) phases.add(series.order);
      const like = alertPartLike(text);
      if (like) partsElsewhere.add(/^symptom/i.test(text) ? 'symptoms' : like);
      const isElsewhere =
        partsElsewhere.has('symptoms') &&
        (partsElsewhere.has('diagnosis') || partsElsewhere.has('mitigation'));
      if (isElsewhere || (isAmongRunbooks && level > 1)) return true;
      if (phases.size > 1 || kinds.size >= 3 || isAlert(alertParts)) return true;
      continue;
    }
    if (underRunbooks > 0 && line.includes('`') && inlineCode.exec(line)?.slice(1).some(isCommand) === true)
      return true;
    if (!line.includes('|')) {
      header = undefined;
      severities = 0;
      continue;
    }
    const cells = splitCells(line).map((cell) => cell.replace(/^[*_`]+|[*_`]+$/g, ''));
    header ??= cells;
    const named = words.severity.test(header[0] ?? '') && cells !== header;
    const isSeverity = named || severityIdentifier(cells[0] ?? '') !== undefined;
    if (isSeverity && cells.slice(1).some((cell) => parseDuration(cell) !== undefined)) severities++;
    if (severities > 1) return true;
  }
  return false;
}

const isAlert = (parts: ReadonlySet<string>): boolean =>
  (parts.has('meaning') || parts.has('impact')) && (parts.has('diagnosis') || parts.has('mitigation'));
