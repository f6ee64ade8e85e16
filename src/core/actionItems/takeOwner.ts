import { bare, isPlaceholder } from './lineParts.ts';

const ownerLabel = /^(?:owner|assignee|assigned to|responsible|who|dri)\s*:\s*/i;
const handle = /^@[\w][\w.\-/]*$/;
/** Up to four words, each with a capital or a letter that has none (漢). */
const nameLike =
  /^(?:[\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*)(?:[\s/+&]+(?:and\s+)?[\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*){0,3}$/u;

/**
 * What is to be done and who does it. The owner is, in this order: a part that says so (`owner: Ana`), a handle
 * (`@ana`), somebody of `people`, a part that looks like a name behind or before the text, a handle in the sentence.
 */
export function takeOwner(
  parts: readonly string[],
  people: readonly string[],
): { readonly text: string; readonly owner: string | undefined } {
  const at = ownerAt(parts, people);
  const text = parts
    .filter((part, index) => index !== at && (index === 0 || !isPlaceholder(bare(part))))
    .join(' - ');
  if (at !== undefined) return { text, owner: bare(parts[at] ?? '') };
  return { text, owner: /(?:^|\s)(@[A-Za-z][\w.-]*)(?=[\s.,;)]|$)/.exec(text)?.[1] };
}

function ownerAt(parts: readonly string[], people: readonly string[]): number | undefined {
  const known = new Set(people.map((name) => name.toLowerCase()));
  const tests: readonly ((part: string) => boolean)[] = [
    (part) => ownerLabel.test(part) && !isPlaceholder(bare(part)),
    (part) => handle.test(part),
    (part) => known.has(bare(part).toLowerCase()),
  ];
  for (const test of tests) {
    const at = parts.findIndex(test);
    if (at !== -1) return at;
  }
  if (parts.length < 2) return undefined;
  const looksLike = (part: string | undefined): boolean =>
    part !== undefined && nameLike.test(bare(part)) && !isPlaceholder(bare(part));
  const behind = parts.findIndex((part, index) => index > 0 && looksLike(part));
  if (behind !== -1) return behind;
  // `Ana - write the alert`: the name stands before what she does.
  return looksLike(parts[0]) ? 0 : undefined;
}
