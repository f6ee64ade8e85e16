import type { ActionItem } from '../actionItems/actionItem.ts';
import { readActionItems } from '../actionItems/readActionItems.ts';
import { headingAt } from '../postmortem/headingAt.ts';
import { sectionKindOf } from '../postmortem/knownWords.ts';
import { parseLabelLine } from '../postmortem/labelLine.ts';
import { foldText } from './foldText.ts';
import { actionRecordOf, type IncidentRecord } from './incidentRecord.ts';
import { findDay, parseHandDuration } from './writtenTimes.ts';

/** What a post-mortem written by hand says of itself. What it does not say is undefined, and named in `unknown`. */
export interface ReadPostMortem {
  /** Its id is its file until it is imported. */
  readonly record: IncidentRecord;
  /** Its action items, each with its line. */
  readonly items: readonly ActionItem[];
  /** `date`, `severity`, `service`, `duration`, `cause`: what was not found. */
  readonly unknown: readonly string[];
  /** The number of an incident of ours that it says it is of: `2026-11-23-0001`. */
  readonly incident: string | undefined;
}

const labels = {
  number: /^incident(?: number| id)?$/,
  title: /^(?:title|incident (?:title|name))$/,
  date: /^(?:(?:incident |start )?date(?: of (?:the )?incident)?|started(?: at| on)?|start(?: time)?|when|occurred(?: on)?|date ?\/ ?time|declared|onset)$/,
  severity: /^(?:sev|severity(?: level)?|priority|incident severity)$/,
  service: /^(?:(?:affected |impacted )?(?:services?|systems?|components?)(?: affected| impacted)?)$/,
  duration: /^(?:(?:incident |total |outage )?duration|time to (?:resolve|resolution)|ttr|length)$/,
  cause: /^(?:root cause(?:s|\(s\))?|cause|root cause summary)$/,
  person:
    /^(?:authors?|owners?|written by|incident (?:commander|lead|manager)|lead|ic|facilitator|responders?)$/,
} as const;
type Label = keyof typeof labels;

const sections =
  /^(?:root causes?|timeline|impact|lessons(?: learned)?|action items?|resolution|contributing factors|post-?mortem|what happened)\b/i;
const longestText = 4_000;

/**
 * Reads one Markdown file. Undefined where nothing in it is of a post-mortem. `file` is its path, for a title and a date
 * that stand nowhere else. Placeholders of a template (`[Detailed analysis]`, `X minutes`) count as not written. Never
 * throws.
 */
export function parsePostMortem(markdown: string, file: string): ReadPostMortem | undefined {
  const lines = markdown.replace(/^\uFEFF/, '').split(/\r?\n/);
  const found = readLines(lines);
  const name = file.split('/').at(-1) ?? file;
  const heading = found.heading
    ?.replace(/^(?:(?:incident )?post-?\s?mortem|incident report|rca)\s*(?:[:：–—-]\s*)?/i, '')
    .trim();
  const title =
    clean(found.values.title ?? heading) ?? clean(found.heading) ?? name.replace(/\.[a-z]+$/i, '');
  const day = findDay(found.values.date) ?? findDay(found.heading) ?? findDay(name);
  const severity = severityOf(
    found.values.severity ?? /\b(?:sev|p)[- ]?\d\b/i.exec(found.heading ?? '')?.[0],
  );
  const service = clean(found.values.service)?.split(/\s*[,;/]\s*|\s+and\s+/)[0];
  const durationMs = parseHandDuration(found.values.duration);
  const cause = clean(found.values.cause);
  const known = { date: day, severity, service, duration: durationMs, cause };
  const saysPostMortem = /post-?\s?mortem|incident report|\brca\b/i.test(`${found.heading ?? ''} ${name}`);
  // A template has the sections and the words, and nothing in them; a page that names a date is none for that alone.
  const saysSomething = [day, severity, durationMs, cause].some((value) => value !== undefined);
  if (!saysSomething || (!saysPostMortem && found.sections < 2)) return undefined;
  // A day without its year was the next one when it was written.
  const items = readActionItems(lines.join('\n'), { today: day, people: found.people });
  return {
    items,
    record: {
      ...{ id: file, number: day ?? 'no date', title, severity, service, status: 'resolved', drill: false },
      ...{ declaredAt: day, resolvedAt: undefined, durationMs, cause, guideFile: undefined },
      people: found.people,
      ...{ times: {}, updates: [], snoozes: [], reviewedAt: undefined, wasSeenToRecur: false, steps: [] },
      // A section about actions that holds none that can be read (a table, say): whether there are any is not known.
      actions: items.length === 0 && found.namesActions ? undefined : items.map(actionRecordOf),
      ...{ alerts: [], errors: [], imported: name },
      text: foldText(markdown.slice(0, longestText)),
    },
    unknown: Object.entries(known).flatMap(([what, value]) => (value === undefined ? [what] : [])),
    incident: /\b\d{4}-\d{2}-\d{2}-\d{4}\b/.exec(found.values.number ?? '')?.[0],
  };
}

interface Found {
  heading: string | undefined;
  readonly values: Partial<Record<Label, string>>;
  readonly people: string[];
  sections: number;
  /** Whether it has a section about actions. */
  namesActions: boolean;
}

function readLines(lines: readonly string[]): Found {
  const found: Found = { heading: undefined, values: {}, people: [], sections: 0, namesActions: false };
  let section = '';
  let fenced = false;
  for (const [at, line] of lines.entries()) {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    if (fenced) continue;
    const heading = headingAt(lines, at);
    if (heading) {
      if (found.heading === undefined && heading.level === 1) found.heading = heading.text;
      section = heading.text.replace(/^\d+[.)]\s*/, '');
      if (heading.level > 1 && sections.test(section)) found.sections += 1;
      if (sectionKindOf(section) === 'actions') found.namesActions = true;
      continue;
    }
    const label = frontmatterLine(lines, at) ?? parseLabelLine(line);
    if (label) take(found, label.label, label.value);
    else if (
      labels.cause.test(plain(section)) &&
      line.trim() !== '' &&
      clean(line) !== undefined &&
      !/^(?:={3,}|-{3,})\s*$/.test(line)
    )
      found.values.cause ??= line.trim().replace(/^[-*+]\s+/, '');
  }
  return found;
}

/** `severity: SEV2` between the two lines of dashes at the top. */
function frontmatterLine(lines: readonly string[], at: number) {
  if (lines[0] !== '---' || at === 0 || at >= lines.indexOf('---', 1)) return undefined;
  const [, label = '', value = ''] = /^([A-Za-z _-]{1,40}):\s*(.*)$/.exec(lines[at] ?? '') ?? [];
  return label === '' ? undefined : { label, value: value.replace(/^(["'])(.*)\1$/, '$2') };
}

function take(found: Found, label: string, value: string): void {
  const said = clean(value);
  if (said === undefined) return;
  for (const [name, pattern] of Object.entries(labels) as [Label, RegExp][]) {
    if (!pattern.test(plain(label))) continue;
    if (name === 'person')
      found.people.push(...said.split(/\s*[,;&]\s*|\s+and\s+/).filter((one) => one !== ''));
    else found.values[name] ??= said;
  }
}

const plain = (label: string): string => foldText(label.replace(/[*_`]/g, '').replace(/[_-]/g, ' '));

/** Without marks of Markdown; undefined of nothing and of what a template left to be filled in. */
function clean(text: string | undefined): string | undefined {
  const bare = (text ?? '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]|(?<!\w)_|_(?!\w)/g, '')
    .trim();
  const isOpen = /^(?:\[.*\]|<.*>|\{\{.*\}\}|tbd|todo|n\/?a|unknown|not given|none|-+|\?+|x\b.*)$/i.test(
    bare,
  );
  return bare === '' || isOpen ? undefined : bare.slice(0, 300);
}

/** `Sev-2 (high)` is SEV2, `P1` is P1; what has no number stays as it is written. */
function severityOf(text: string | undefined): string | undefined {
  const said = clean(text);
  const [, word = '', rank = ''] = /\b(sev(?:erity)?|p)[- ]?(\d)\b/i.exec(said ?? '') ?? [];
  if (rank !== '') return word.toLowerCase() === 'p' ? `P${rank}` : `SEV${rank}`;
  return said === undefined || said.length > 20 ? undefined : /^\d$/.test(said) ? `SEV${said}` : said;
}
