const separator = /\s+[-–—]+\s+|\s*\|\s*|;\s+|\s+·\s+|\t+/;
const placeholder =
  /^(?:\[[^\]]*\]|<[^>]*>|\{\{.*\}\}|owner|assignee|deadline|due(?: date)?|date|action(?: item)?(?: \d+)?|task|tbd|tba|todo|unknown|nobody|none|n\/a|yyyy-mm-dd|\?+|_+|-+|\.{3}|…)$/i;
const insideBrackets = /^(?<head>.*\S)\s*\((?<inner>[^()]+)\)\.?\s*$/;
const saysWhen = /^(?:owner|assignee|due|by|deadline|until)\b|^@|\d{4}-\d\d/i;
const oneName = /^[\p{Lu}\p{Lo}][\p{L}.'’-]*(?:\s+[\p{Lu}\p{Lo}][\p{L}.'’-]*){0,3}$/u;
/** Brackets that say who or when; others are part of the sentence. */
const saysWhoOrWhen = (part: string): boolean => saysWhen.test(part) || oneName.test(part);

/** Whether it is the template's word in place of something, or a word for nothing. */
export const isPlaceholder = (text: string): boolean => placeholder.test(text.trim());

/** A part without the stars around it, its label and what ends it. */
export const bare = (part: string): string =>
  part
    .replace(/^[*_]{1,2}|[*_]{1,2}$/g, '')
    .replace(/^(?:owner|assignee|assigned to|responsible|who|dri)\s*:\s*/i, '')
    .replace(/[*_.,]+$/, '')
    .trim();

/**
 * A line's parts between dashes, bars and semicolons, and what its last brackets hold where that says who or when.
 * Code is never taken apart.
 */
export function partsOf(line: string): readonly string[] {
  const kept: string[] = [];
  const masked = line.replace(/`[^`]*`/g, (code) => `\u0000${kept.push(code) - 1}\u0000`);
  const tail = insideBrackets.exec(masked)?.groups;
  const inner = (tail?.['inner'] ?? '').split(/[,;]\s*/).map((part) => part.trim());
  const texts =
    tail && inner.some((part) => saysWhoOrWhen(part))
      ? [...(tail['head'] ?? '').split(separator), ...inner]
      : masked.split(separator);
  return texts
    .map((text) => text.replace(/\u0000(\d+)\u0000/g, (_, index: string) => kept[Number(index)] ?? ''))
    .map((text) => text.trim().replace(/[\s,;|]+$/, ''))
    .filter((text) => text !== '');
}
