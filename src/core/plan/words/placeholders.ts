import type { GuideInput } from '../../guide/guideInput.ts';
import { kindOfPlaceholder } from './kindOfPlaceholder.ts';
import { normalName } from './placeholderSyntax.ts';
import type { Missing, Target, ValueKind } from '../plan.ts';
import { isPlain, quoteWord } from './quoteWord.ts';
import { scanCommand, scanForeign } from './scanCommand.ts';
import type { Occurrence, Scan } from './scanCommand.ts';
import { secretOf, secretsOfPowerShell } from './secretReferences.ts';
import { validateInput } from './validateInput.ts';

/** How the text is to be read: by the rules of sh, bash and zsh, or as text of another language. */
export type Dialect = 'posix' | 'powershell' | 'foreign';

/** One placeholder of a command with what it wants and, once it is known, its value. */
export interface Slot {
  readonly occurrence: Occurrence;
  readonly kind: ValueKind;
  readonly value: string | undefined;
  /** Of `$API_TOKEN`: the variable's name. It is never filled in here, and never missing. */
  readonly secret: string | undefined;
  /** What the guide says of it. */
  readonly input: GuideInput | undefined;
}

export interface FilledCommand {
  readonly scan: Scan;
  readonly slots: readonly Slot[];
  /** The text with every placeholder replaced by `mark(index)`, comments and line continuations gone. */
  readonly marked: string;
  /** The text with values filled in and quoted for its shell; unfilled placeholders as written. */
  readonly script: string;
  readonly missing: readonly Missing[];
  /** Names of the variables that refer to secrets, each once. */
  readonly secrets: readonly string[];
  /** Sentences about values that must not be used as they are. */
  readonly invalid: readonly string[];
}

const OPEN = '\uE000';
const CLOSE = '\uE001';
/** What stands for a placeholder while a command is split into words: letters to every splitter. */
export const MARK = /\uE000(\d+)\uE001/g;
const mark = (index: number): string => `${OPEN}${index}${CLOSE}`;
const hasOurMarks = (text: string): boolean => text.includes(OPEN) || text.includes(CLOSE);
/** Whether `MARK` may find something. */
export const mayHoldMark = (text: string): boolean => text.includes(OPEN);

function markText(text: string, scan: Scan): string {
  if (scan.occurrences.length === 0 && scan.dropped.length === 0) return text;
  const pieces = [
    ...scan.occurrences.map(({ start, end }, index) => ({ start, end, text: mark(index) })),
    ...scan.dropped.map(([start, end]) => ({ start, end, text: '' })),
  ].sort((a, b) => a.start - b.start);
  return replaceRanges(text, pieces);
}

function replaceRanges(
  text: string,
  pieces: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  let out = '';
  let at = 0;
  for (const piece of pieces) {
    if (piece.start < at) continue; // a range inside one already replaced
    out += text.slice(at, piece.start) + piece.text;
    at = piece.end;
  }
  return out + text.slice(at);
}

/** Words of one command whose places are looked at; in a longer one the names alone decide. */
const MOST_WORDS = 400;

/** Kinds by where the marks stand, from a rough split that needs no shell. */
function kindsOf(marked: string, occurrences: readonly Occurrence[]): readonly ValueKind[] {
  if (occurrences.length === 0) return [];
  const kinds: (ValueKind | undefined)[] = [];
  for (const command of marked.split(/[\n;|&()`]+/)) {
    if (!command.includes(OPEN)) continue;
    const words = command.replace(/['"]/g, '').split(/\s+/).filter(Boolean);
    if (words.length > MOST_WORDS) continue;
    words.forEach((word, index) => {
      if (!word.includes(OPEN)) return;
      for (const hit of word.matchAll(MARK)) {
        const slot = Number(hit[1]);
        const occurrence = occurrences[slot];
        if (occurrence) kinds[slot] = kindOfPlaceholder(words, index, hit.index, occurrence.name);
      }
    });
  }
  return occurrences.map(({ name }, slot) => kinds[slot] ?? kindOfPlaceholder([], -1, 0, name));
}

/** The value as it must stand in the script, or undefined where no quoting makes it safe. */
function quoteInPlace(text: string, slot: Occurrence, value: string, dialect: Dialect): string | undefined {
  if (isPlain(value)) return value;
  if (dialect === 'powershell') {
    const alone =
      /^\s?$/.test(text[slot.start - 1] ?? '') && /^\s?$/.test(text[slot.end] ?? '') && !/['"]/.test(text);
    return alone ? `'${value.replaceAll("'", "''")}'` : undefined;
  }
  switch (slot.context) {
    case 'plain':
      return quoteWord(value);
    case 'single':
      return value.replaceAll("'", "'\\''");
    case 'double':
      // Leaving the double quotes needs no knowledge of what a shell expands between them.
      return `"${quoteWord(value)}"`;
    case 'uncertain':
      return undefined;
  }
}

const beginsWord = (text: string, { start, context }: Occurrence): boolean =>
  /^[\s;&|(]?$/.test(text[start - 1] ?? '') ||
  (context !== 'plain' && /['"]/.test(text[start - 1] ?? '') && /^\s?$/.test(text[start - 2] ?? ''));

/**
 * Finds the placeholders of a command and fills in those whose value is known. `values` are by name; names are
 * compared as `<pod>` and `$POD` are: without case, `_` and space as `-`. An empty value counts as none.
 * A command with several `...` gets no value for them: one text cannot be right for all. Variables in `exported` have one
 * in the environment already and are left to the shell. What the guide says in `inputs` beats what the place says.
 */
export function fillCommand(
  text: string,
  values: Readonly<Record<string, string>>,
  dialect: Dialect,
  exported: ReadonlySet<string> = new Set(),
  inputs: readonly GuideInput[] = [],
): FilledCommand {
  const found = dialect === 'posix' ? scanCommand(text, exported) : scanForeign(text);
  const ours = hasOurMarks(text) || Object.values(values).some(hasOurMarks);
  const scan = ours ? { ...found, unfit: 'it has private-use characters' } : found;
  const known = new Map(Object.entries(values).map(([name, value]) => [normalName(name), value]));
  const gaps = scan.occurrences.filter(({ name }) => name === '...').length;
  const marked = markText(text, scan);
  const kinds = kindsOf(marked, scan.occurrences);
  const slots = scan.occurrences.map((occurrence, index): Slot => {
    const input = inputs.find(({ name }) => name === occurrence.name);
    const secret = secretOf(occurrence, input?.kind === 'secret');
    const unasked = secret !== undefined || (occurrence.name === '...' && gaps > 1);
    const value = unasked ? undefined : known.get(occurrence.name);
    const kind = input?.kind ?? kinds[index] ?? 'text';
    return { occurrence, kind, value: value === '' ? undefined : value, secret, input };
  });

  const missing = new Map<string, Missing>();
  const secrets = new Set<string>(dialect === 'powershell' ? secretsOfPowerShell(text) : []);
  const invalid = new Set<string>();
  const preludes = new Map<string, string>();
  const pieces = slots.flatMap(({ occurrence, kind, value, secret, input }) => {
    const { name, written, expansion } = occurrence;
    if (secret !== undefined) {
      secrets.add(secret);
      return [];
    }
    if (value === undefined) {
      const present = missing.get(name);
      if (expansion?.optional !== true && (present === undefined || present.kind === 'text'))
        missing.set(name, {
          name,
          written: present?.written ?? written,
          kind,
          ...(input === undefined ? {} : { input }),
          ...(input?.default === undefined ? {} : { offered: input.default }),
        });
      return [];
    }
    const wrong = validateInput(kind, input, value);
    if (wrong !== undefined) invalid.add(`${written}: ${wrong}`);
    if (expansion) {
      preludes.set(expansion.variable, `${expansion.variable}=${quoteWord(value)}\n`);
      return [];
    }
    if (value.startsWith('-') && kind === 'text' && beginsWord(text, occurrence))
      invalid.add(`${written}: the value “${value}” begins with a hyphen and would be read as an option.`);
    const quoted = quoteInPlace(text, occurrence, value, dialect);
    if (quoted === undefined) {
      invalid.add(
        `${written}: the value “${value}” has characters that cannot be quoted safely where it stands; ` +
          'write the command by hand.',
      );
      return [];
    }
    return [{ start: occurrence.start, end: occurrence.end, text: quoted }];
  });
  const script = [...preludes.values()].join('') + replaceRanges(text, pieces);
  return {
    scan,
    slots,
    marked,
    script,
    missing: [...missing.values()],
    secrets: [...secrets],
    invalid: [...invalid],
  };
}

/**
 * The placeholders of a command, each name once, in order of appearance, with the kind of value its place wants.
 * Reads the text as a POSIX shell would, without running it. Total.
 */
export function placeholdersOf(command: string): readonly Missing[] {
  return fillCommand(command, {}, 'posix').missing;
}

/** Values that are certain from the incident itself; nothing is guessed here. */
export function valuesOfIncident(from: {
  readonly service?: string;
  readonly namespace?: string;
}): Record<string, string> {
  return {
    ...(from.service ? { service: from.service } : {}),
    ...(from.namespace ? { namespace: from.namespace } : {}),
  };
}

/** What a guide leaves for the person to replace: `<insert-token-here>`, `[name]`, `...`, nothing. */
const looksOpen = (text: string): boolean => /^(?:|<.*>|\[.*\]|\{.*\}|\.{3}|…)$/s.test(text.trim());

const WORKLOAD_NAMES = new Set(['suspect', 'app-name', 'app', 'service', 'service-name', 'deployment']);

/**
 * What to offer for a missing value, best first, without duplicates: for a pod those seen in output (the
 * incident's service first), for a workload the incident's service and then what was seen of its kind.
 */
export function suggestValues(
  missing: Missing,
  from: {
    readonly service?: string;
    readonly target: Target;
    readonly seen: Readonly<Record<string, readonly string[]>>;
  },
): readonly string[] {
  const { service, target } = from;
  const seen = (kind: string): readonly string[] => from.seen[kind] ?? [];
  const own = service ? [service] : [];
  const ranked = ((): readonly string[] => {
    switch (missing.kind) {
      case 'pod': {
        const ofService = (pod: string): boolean => service !== undefined && pod.startsWith(`${service}-`);
        return [...seen('pod').filter(ofService), ...seen('pod').filter((pod) => !ofService(pod))];
      }
      case 'namespace':
        return [...(target.namespace ? [target.namespace] : []), ...seen('namespace')];
      case 'ingress':
        return seen('ingress').length > 0
          ? [...seen('ingress').filter((name) => name === service), ...seen('ingress')]
          : own;
      case 'service':
      case 'deployment':
      case 'app':
        return [...own, ...seen(missing.kind), ...seen('deployment'), ...seen('service')];
      case 'revision':
      case 'db-cluster':
      case 'db-instance':
        return seen(missing.kind);
      case 'choice':
        return missing.input?.options ?? [];
      case 'flag':
        return seen('flag');
      case 'duration':
        return ['5m', '15m', '30m', '1h'];
      case 'number':
      case 'secret':
        return [];
      case 'text':
        return WORKLOAD_NAMES.has(missing.name) ? own : seen(missing.name);
    }
  })();
  const { offered } = missing;
  return [...new Set(offered === undefined || looksOpen(offered) ? ranked : [offered, ...ranked])];
}
