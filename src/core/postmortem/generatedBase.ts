/** What a document says of itself: whose post-mortem it is, and which lines were generated. */
export interface GeneratedBase {
  /** The incident's ULID. */
  readonly incident: string;
  /** A hash for each line that was generated last, in its order. */
  readonly hashes: readonly string[];
}

export interface BasedDocument {
  /** The document's lines without the comment. */
  readonly lines: readonly string[];
  /** Undefined when it does not say, or not legibly. */
  readonly base: GeneratedBase | undefined;
  readonly eol: '\n' | '\r\n';
}

const opening = /^<!-- incident post-mortem ([0-9A-HJKMNP-TV-Z]{26})\b.*$/;
const note = 'what was generated, so that a refresh can tell it from what people wrote: leave it as it is';
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_~';
const PER_LINE = 11;

/**
 * 48 bits of a line as 8 letters, for telling lines of one document apart and nothing else (cyrb53, public domain). What
 * stands at a line's end and cannot be seen does not count; an empty line is a dot.
 */
export function hashLine(line: string): string {
  const text = line.trimEnd();
  if (text === '') return '.';
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  const word = (value: number) =>
    [0, 6, 12, 18].map((shift) => digits[(value >>> shift) & 63] ?? '').join('');
  return word(a) + word(b);
}

export const linesOfText = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

/** The generated document with the comment that says so at its end. */
export const withBase = (generated: string, incident: string): string =>
  writeDocument(linesOfText(generated), { incident, hashes: linesOfText(generated).map(hashLine) }, '\n');

/** Lines as a document, the comment at its end. */
export function writeDocument(lines: readonly string[], base: GeneratedBase, eol: '\n' | '\r\n'): string {
  const kept = [...lines];
  while (kept.at(-1)?.trim() === '') kept.pop();
  const rows: string[] = [];
  for (let i = 0; i < base.hashes.length; i += PER_LINE)
    rows.push(base.hashes.slice(i, i + PER_LINE).join(' '));
  const comment = [`<!-- incident post-mortem ${base.incident} (${note})`, ...rows, '-->'];
  return [...kept, '', ...comment, ''].join(eol);
}

/** Takes a document apart. The comment may stand anywhere: people write below it, too. Never throws. */
export function readDocument(text: string): BasedDocument {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const all = text.split(/\r?\n/);
  const at = all.map((line) => opening.test(line)).lastIndexOf(true);
  const end = at === -1 ? -1 : all.indexOf('-->', at);
  if (at === -1 || end === -1) return { lines: trimmed(all), base: undefined, eol };
  const hashes = all
    .slice(at + 1, end)
    .join(' ')
    .split(/\s+/)
    .filter((hash) => hash !== '');
  const isLegible = hashes.every((hash) => /^(?:\.|[\w~]{8})$/.test(hash));
  const incident = opening.exec(all[at]!)![1]!;
  return {
    lines: trimmed([...trimmed(all.slice(0, at)), ...all.slice(end + 1)]),
    base: isLegible ? { incident, hashes } : undefined,
    eol,
  };
}

/** The incident a document is the post-mortem of, by its comment; cheap enough for every keystroke. */
export function incidentOfDocument(text: string): string | undefined {
  const at = text.lastIndexOf('<!-- incident post-mortem ');
  return at === -1 ? undefined : opening.exec(text.slice(at).split(/\r?\n/, 1)[0] ?? '')?.[1];
}

function trimmed(lines: readonly string[]): string[] {
  const kept = [...lines];
  while (kept.at(-1)?.trim() === '') kept.pop();
  return kept;
}
