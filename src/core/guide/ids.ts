/** Lower case, letters and digits of any script kept, everything else one hyphen: `Service Unavailable (503)`. */
export const slug = (text: string): string =>
  text
    .slice(0, 120)
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

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
