import { isKnownProgram } from './programs.ts';

/** `NAME   READY   STATUS`: at least two columns in capitals, as command line tools head their tables. */
const tableHeader =
  /^\s*[A-Z][A-Z\d_()%#/:.-]*(?: [A-Z\d()]+)*(?:\s{2,}[A-Z][A-Z\d_()%#/:.-]*(?: [A-Z\d()]+)*)+\s*$/;
const stamped =
  /^\s*(?:\[?\d{4}-\d\d-\d\d[T\s\]]|\d{1,2}:\d\d:\d\d|[A-Z][a-z]{2}\s+\d{1,2}\s+\d\d:\d\d|[IWEF]\d{4}\s+\d\d:)/;
const otherOutput =
  /^\s*(?:[\d[{(<"'*+~^=-]|Error\b|error:|Warning\b|[\w./-]+(?:\{.*\}|\(.*\))|[\w./ -]{1,40}:(?:\s|$)|[A-Z][a-z]+ [a-z]+.*[.:]$)/;

/** A line that no one typed, whatever shell the fence names: a table's header, or one that begins with a time. */
export const isPlainlyOutput = (line: string): boolean =>
  line.length < 1_000 && (tableHeader.test(line) || stamped.test(line));

/** A line of a recorded session that reads like output; only asked where the fence says that it may hold some. */
export function looksLikeOutput(line: string): boolean {
  if (line.length > 1_000) return false;
  if (isPlainlyOutput(line)) return true;
  if (isKnownProgram(line)) return false;
  return otherOutput.test(line) || (line.trim().match(/\s{2,}/g)?.length ?? 0) > 1;
}

const announced =
  /(?:\b(?:example|sample|expected|following|typical|similar) (?:output|result|response)\b|\boutput (?:looks|should|is|will|may|might|would|similar|resembl)|\b(?:looks?|looking) (?:like|similar)|\bsomething (?:like|similar)|\bsimilar to\b|beispielausgabe|ausgabe (?:sieht|ist)|salida (?:esperada|de ejemplo)|exemple de sortie|пример вывода|出力例|输出示例|示例输出)[^.!?]*$/iu;

/** Whether the sentence above a fence says that the fence shows what is printed. */
export const announcesOutput = (before: string): boolean => announced.test(before.slice(-200));
