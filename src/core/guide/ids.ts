/** Lower case, letters and digits of any script kept, everything else one hyphen: `Service Unavailable (503)`. */
export function slug(text: string): string {
  const start = text.slice(0, 120);
  const hyphened = isAscii.test(start)
    ? start.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    : start
        .normalize('NFC')
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  return hyphened.replace(/^-|-$/g, '');
}

/** Most headings are, and are then read several times faster than by classes of Unicode. */
const isAscii = /^[\x20-\x7e]*$/;

/** Gives each name once: the second `check` becomes `check-2`. Linear however many repeat. */
export function createIds(): (wanted: string) => string {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return (wanted) => {
    const base = wanted || 'item';
    let id = base;
    let count = next.get(base) ?? 1;
    while (taken.has(id)) id = `${base}-${String(++count)}`;
    if (count > 1) next.set(base, count);
    taken.add(id);
    return id;
  };
}
