import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { Guide, Problem } from '../core/guide/guide.ts';
import { looksLikeGuide } from '../core/guide/looksLikeGuide.ts';
import { parseGuide } from '../core/guide/parseGuide.ts';
import { linkedFiles } from '../core/lint/lintLinks.ts';
import { whyUnreadable, type FoundFile } from './findGuideFiles.ts';

/** No guide is this long; a log or a disk image named by mistake would fill the memory. */
const LARGEST_BYTES = 50_000_000;

/** A guide with the text it was read from, for problems to be placed in. */
export interface ReadGuide {
  readonly guide: Guide;
  readonly source: string;
  /** What it links to beside itself and that is not there, as the links resolve. */
  readonly missingFiles: ReadonlySet<string>;
}

/**
 * Reads and parses one found file; undefined for a file that was found by walking and is no guide.
 * Never throws: what cannot be read is a guide that holds nothing but an error.
 */
export async function readGuideFile(found: FoundFile, cwd: string): Promise<ReadGuide | undefined> {
  const { file } = found;
  if ('unreadable' in found) return unreadable(file, 'unreadable', found.unreadable);
  let bytes;
  try {
    const { size } = await stat(found.absolute);
    if (size > LARGEST_BYTES && !found.named) return undefined;
    if (size > LARGEST_BYTES)
      return unreadable(
        file,
        'file-too-large',
        'This file is over 50 MB, which is no guide. Name the guide itself.',
      );
    bytes = await readFile(found.absolute);
  } catch (thrown) {
    return unreadable(file, 'unreadable', whyUnreadable(thrown));
  }
  try {
    const { text, problems } = decode(bytes);
    if (!found.named && !looksLikeGuide(text)) return undefined;
    const guide = parseGuide(text, { file });
    return {
      guide: { ...guide, problems: [...problems, ...guide.problems] },
      source: text,
      missingFiles: await missingFiles(guide, cwd),
    };
  } catch (thrown) {
    return unreadable(
      file,
      'internal',
      `This file could not be read because of a mistake in this program (${messageOf(thrown)}). Please report it.`,
    );
  }
}

function decode(bytes: Uint8Array): { readonly text: string; readonly problems: readonly Problem[] } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), problems: [] };
  if (first === 0xfe && second === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), problems: [] };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), problems: [] };
  } catch {
    const text = new TextDecoder().decode(bytes);
    const line = text.slice(0, Math.max(0, text.indexOf('\uFFFD'))).split(/\r\n?|\n/).length;
    const message =
      'From here on some bytes are not UTF-8 and are shown as \uFFFD. The rest was read. Save the file as UTF-8.';
    return { text, problems: [{ line, code: 'not-utf8', severity: 'warning', message }] };
  }
}

async function missingFiles(guide: Guide, cwd: string): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  for (const file of linkedFiles(guide))
    await stat(path.resolve(cwd, file)).catch((thrown: unknown) => {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') missing.add(file);
    });
  return missing;
}

const unreadable = (file: string, code: string, message: string): ReadGuide => ({
  guide: nothingBut(file, { line: 1, code, severity: 'error', message }),
  source: '',
  missingFiles: new Set(),
});

const nothingBut = (file: string, problem: Problem): Guide => ({
  file,
  title: undefined,
  frontmatter: {},
  severities: [],
  escalations: [],
  phases: [],
  runbooks: [],
  contacts: [],
  links: [],
  deadlines: [],
  cadence: undefined,
  templates: [],
  problems: [problem],
});
