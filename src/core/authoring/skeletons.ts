import type { Guide } from '../guide/guide.ts';
import { insertAt, linesOf, type TextEdit } from '../lint/textEdit.ts';

export type RunbookForm = 'steps' | 'alert';

/** A name that begins no comment and ends no line. */
export const plainTitle = (title: string): string => title.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();

/** `Service Unavailable (503)` → `service-unavailable-503.md`. */
export const runbookFileName = (title: string): string =>
  `${
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'runbook'
  }.md`;

const steps = [
  '```bash',
  '# 1. Look at the pods',
  'kubectl get pods -n <namespace> -l app=<service>',
  '',
  '# 2. If pods in CrashLoopBackOff',
  'kubectl logs <pod> -n <namespace> --previous',
  '```',
];

/** A runbook to begin with: commands that run as they are, in one of the two forms that are read. */
export function runbookText(title: string, form: RunbookForm, level: 1 | 2 | 3 = 1): string {
  const heading = '#'.repeat(level);
  if (form === 'steps')
    return [`${heading} ${plainTitle(title)}`, '', 'When to use it, in one sentence.', '', ...steps, ''].join(
      '\n',
    );
  const part = (name: string, ...lines: readonly string[]): readonly string[] => [
    `${heading}# ${name}`,
    '',
    ...lines,
    '',
  ];
  return [
    `${heading} ${plainTitle(title)}`,
    '',
    ...part('Meaning', 'What this alert says, in one sentence.'),
    ...part('Impact', 'What the people outside notice.'),
    ...part('Diagnosis', ...steps),
    ...part(
      'Mitigation',
      '```bash',
      '# 1. See what was deployed',
      'argocd app history <app>',
      '',
      '# 2. If it began with the last deploy',
      'argocd app rollback <app> <revision>',
      '```',
    ),
  ].join('\n');
}

/** The same as a whole file; one with steps alone needs a heading that says what it is. */
export const runbookFile = (title: string, form: RunbookForm, alerts: readonly string[] = []): string =>
  `${alerts.length === 0 ? '' : `---\n${alertsLine(alerts)}\n---\n\n`}${
    form === 'steps' ? '<!-- incident: runbook -->\n' : ''
  }${runbookText(title, form)}`;

/** The frontmatter line that says which alerts a file's runbook is for: names and addresses, a YAML list on one line. */
export const alertsLine = (alerts: readonly string[]): string =>
  `alerts: [${alerts.map(quotedAlert).join(', ')}]`;

/** One of them, as YAML writes text. */
export const quotedAlert = (alert: string): string => `"${alert.replace(/["\\\p{Cc}]/gu, '')}"`;

/**
 * Where a further runbook goes in a guide, and in which form: behind the last one, with its level of heading; where there
 * is none, at the end with a marker.
 */
export function insertRunbook(source: string, guide: Guide, title: string): TextEdit {
  const lines = linesOf(source);
  const last = guide.runbooks.filter((each) => each.source === 'section').at(-1);
  const level = /^(#{2,3})\s/.exec(lines[(last?.line ?? 0) - 1] ?? '')?.[1]?.length;
  const end = last && level !== undefined ? sectionEnd(lines, last.line, level) : lines.length;
  const text =
    level === undefined
      ? `<!-- incident: runbook -->\n${runbookText(title, 'steps', 2)}`
      : runbookText(title, 'steps', level === 2 ? 2 : 3);
  let line = end;
  while (line > 1 && (lines[line - 1] ?? '').trim() === '') line -= 1;
  const tail = line < lines.length ? '' : '\n';
  return insertAt(line, (lines[line - 1] ?? '').length + 1, `\n\n${text.trimEnd()}${tail}`);
}

/** The last line of the section whose heading stands at `line`. */
function sectionEnd(lines: readonly string[], line: number, level: number): number {
  let fence = '';
  for (let at = line + 1; at <= lines.length; at++) {
    const text = lines[at - 1] ?? '';
    const marker = /^\s*(`{3,}|~{3,})/.exec(text)?.[1];
    if (marker !== undefined) fence = fence === '' ? marker : text.trim().startsWith(fence) ? '' : fence;
    const heading = fence === '' ? /^(#{1,6})\s/.exec(text)?.[1] : undefined;
    if (heading !== undefined && heading.length <= level) return at - 1;
  }
  return lines.length;
}

/** The product's own guide with an organisation's name in its title. */
export const guideFor = (organisation: string, defaultGuide: string): string =>
  defaultGuide.replace(/^# .*$/m, () => `# ${plainTitle(organisation)} incident guide`);
