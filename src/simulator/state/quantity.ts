const units: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes of a memory quantity (`256Mi`), or undefined for what is none. */
export function parseMemory(text: string | undefined): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([kMGT]i?|Ki)?$/.exec(text ?? '') ?? [];
  if (number === undefined) return undefined;
  const factor = units[unit ?? ''];
  return factor === undefined ? undefined : Number(number) * factor;
}
