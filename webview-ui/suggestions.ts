/**
 * The suggestions to offer while a field is typed in: those that hold the draft, in the order given, without the
 * value already set.
 */
export function matchingSuggestions(
  suggestions: readonly string[],
  draft: string,
  value: string | undefined,
  most: number,
): { readonly shown: readonly string[]; readonly more: number } {
  const wanted = draft.trim().toLowerCase();
  const found = suggestions.filter(
    (each) => each !== value && each !== draft.trim() && each.toLowerCase().includes(wanted),
  );
  return { shown: found.slice(0, most), more: Math.max(0, found.length - most) };
}
