/**
 * Whether a label says another severity in the way of `label`: `severity-sev3` beside `severity-sev2`, `sev3` beside
 * `sev2`, in any case of letters.
 */
export function isOtherSeverity(label: string, other: string): boolean {
  const [ours, theirs] = [label.toLowerCase(), other.toLowerCase()];
  if (ours === theirs) return false;
  const prefix = /^[^-:/=_ ]+[-:/=_ ](?=.)/.exec(ours)?.[0];
  if (prefix !== undefined) return theirs.startsWith(prefix);
  const numbered = /^\D+(?=\d+$)/.exec(ours)?.[0];
  return numbered !== undefined && theirs.startsWith(numbered) && /^\d+$/.test(theirs.slice(numbered.length));
}
