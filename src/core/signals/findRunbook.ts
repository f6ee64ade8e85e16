import type { Guide, Runbook } from '../guide/guide.ts';
import type { IncomingSignal } from './incomingSignal.ts';

/** What helps with a signal: a runbook of a guide, or a page of the web. */
export type SignalRunbook =
  | { readonly kind: 'guide'; readonly id: string; readonly title: string }
  | { readonly kind: 'link'; readonly url: string };

type About = Pick<IncomingSignal, 'title' | 'summary' | 'runbookUrl'>;

/**
 * The runbook of a signal. What a file's frontmatter says under `alerts` comes first: names of alerts, and addresses. Then
 * the signal's own `runbook_url` decides: a guide's file it names, a heading in it, or a runbook whose
 * title is the address's last part. Without one, the runbook whose title's words are all in the alert's name and
 * summary, the longest title first. An address that leads to no guide is given as a link (https or http only).
 */
export function findRunbook(signal: About, guides: readonly Guide[]): SignalRunbook | undefined {
  const runbooks = guides.flatMap((guide) => guide.runbooks.map((runbook) => ({ guide, runbook })));
  const url = signal.runbookUrl?.trim();
  const named = namedFor(signal.title.trim(), url, runbooks);
  if (named) return asGuide(named);
  const byAddress = url ? runbookAt(url, guides, runbooks) : undefined;
  if (byAddress) return asGuide(byAddress);
  if (url && /^https?:\/\/[^/]/i.test(url)) return { kind: 'link', url };
  const words = new Set(wordsOf(`${signal.title} ${signal.summary ?? ''}`));
  const fitting = runbooks
    .map(({ runbook }) => ({ runbook, title: wordsOf(runbook.title.replace(/\([^)]*\)/g, ' ')) }))
    .filter(({ title }) => title.length > 0 && title.every((word) => words.has(word)))
    .sort((a, b) => b.title.length - a.title.length);
  return fitting[0] && asGuide(fitting[0].runbook);
}

const asGuide = ({ id, title }: Runbook): SignalRunbook => ({ kind: 'guide', id, title });

interface Found {
  readonly guide: Guide;
  readonly runbook: Runbook;
}

/** A file whose frontmatter names the alert or its address: its one runbook, or the first. */
function namedFor(title: string, url: string | undefined, all: readonly Found[]): Runbook | undefined {
  const isFor = ({ frontmatter }: Guide): boolean =>
    alertsOf(frontmatter).some((alert) => alert === title || (url !== undefined && alert === url));
  return all.find(({ guide }) => isFor(guide))?.runbook;
}

/** The names and addresses under `alerts` in a file's frontmatter: `[HighLatency, "https://…"]`, or one below the other. */
export const alertsOf = (frontmatter: Guide['frontmatter']): readonly string[] =>
  [...(frontmatter['alerts'] ?? '').matchAll(/"([^"]*)"|'([^']*)'|([^\s,[\]"'][^,[\]"']*)/g)].map(
    ([, double, single, bare]) => (double ?? single ?? bare ?? '').trim(),
  );

function runbookAt(url: string, guides: readonly Guide[], all: readonly Found[]): Runbook | undefined {
  const [address = '', fragment = ''] = url.split('#');
  const parts = decode(address.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '').replace(/\?.*$/s, ''))
    .split('/')
    .filter(Boolean);
  const last = parts.at(-1) ?? '';
  const files = guides.filter(({ file }) => isSameFile(file, parts));
  const inFiles = all.filter(({ guide }) => files.includes(guide));
  const bySlug = (found: readonly Found[], slug: string) =>
    slug === '' ? undefined : found.find(({ runbook }) => slugOf(runbook.title) === slug)?.runbook;
  const linked = guides.some(({ links }) => links.some(({ href }) => href === url));
  return (
    bySlug(inFiles, slugOf(decode(fragment))) ??
    (inFiles.length === 1 ? inFiles[0]?.runbook : undefined) ??
    bySlug(all, slugOf(decode(fragment))) ??
    bySlug(all, slugOf(last.replace(/\.(?:md|markdown|html?)$/i, ''))) ??
    (linked ? nearestAbove(url, all) : undefined)
  );
}

/** An address that a guide links to from within a runbook belongs to that runbook. */
function nearestAbove(url: string, all: readonly Found[]): Runbook | undefined {
  for (const { guide, runbook } of all) {
    const next = guide.runbooks.filter(({ line }) => line > runbook.line).map(({ line }) => line);
    const end = Math.min(...next, Infinity);
    if (guide.links.some(({ href, line }) => href === url && line >= runbook.line && line < end))
      return runbook;
  }
  return undefined;
}

/** `docs/runbooks/HighLatency.md` and `…/blob/main/docs/runbooks/HighLatency.md`, with or without its ending. */
function isSameFile(file: string, parts: readonly string[]): boolean {
  const own = file.split(/[\\/]/).filter(Boolean);
  const bare = (name: string | undefined) =>
    (name ?? '').replace(/\.(?:md|markdown|html?)$/i, '').toLowerCase();
  if (own.length === 0 || parts.length === 0 || bare(own.at(-1)) !== bare(parts.at(-1))) return false;
  // A README or an index is told by its folder.
  return (
    !/^(?:readme|index)$/.test(bare(own.at(-1))) || own.at(-2)?.toLowerCase() === parts.at(-2)?.toLowerCase()
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** GitHub's form of a heading's address, near enough to meet hand-made ones. */
const slugOf = (text: string): string => wordsOf(text).join('-');

/** `PaymentErrorRateHigh`, `High Error Rate` → lower-case words. */
function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
