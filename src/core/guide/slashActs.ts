import type { SlashAct } from './guide.ts';

const token = /"((?:[^"\\]|\\.)*)"?|'([^']*)'?|(\S+)/gs;

/** Reads `/incident create "Brief description" --severity SEV2`; undefined when the line is no such act. */
export function parseSlashAct(line: string): Omit<SlashAct, 'id' | 'line'> | undefined {
  const text = line.trim();
  const match = /^\/([a-z][a-z\d_-]{0,30})(?:\s|$)/i.exec(text);
  if (!match) return undefined;
  const read = [...text.slice(match[0].length).matchAll(token)].map(([whole, double, single]) => ({
    text: double?.replace(/\\(.)/gs, '$1') ?? single ?? whole,
    quoted: double !== undefined || single !== undefined,
  }));
  const [first] = read;
  const hasVerb = first !== undefined && !first.quoted && /^[a-z][\w-]*$/i.test(first.text);
  const args: string[] = [];
  const flags: Record<string, string> = {};
  const words = hasVerb ? read.slice(1) : read;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) continue;
    const flag = word.quoted ? null : /^--?([a-z][\w-]*)(?:=(.*))?$/is.exec(word.text);
    if (!flag) {
      args.push(word.text);
      continue;
    }
    const [, name = '', value] = flag;
    const next = words[at + 1];
    const takesNext =
      value === undefined && next !== undefined && (next.quoted || !next.text.startsWith('-'));
    flags[name] = value ?? (takesNext ? next.text : 'true');
    if (takesNext) at++;
  }
  return { text, name: match[1] ?? '', verb: hasVerb ? first.text : '', args, flags };
}
