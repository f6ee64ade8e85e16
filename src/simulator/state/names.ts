/** Kubernetes' alphabet for generated names: no vowels and nothing that looks like another letter. */
const safeLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** FNV-1a, 32 bit: the same text gives the same number on every machine. */
export const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  // FNV's low bits follow the last letter alone; one more mixing spreads them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
  return (hash ^ (hash >>> 13)) >>> 0;
};

/** A generated name's ending, as the API server and the deployment controller make them. */
export const suffix = (seed: string, length: number): string => {
  let text = '';
  for (let i = 0; text.length < length; i += 1)
    text += safeLetters[hashOf(`${seed}/${i}`) % safeLetters.length];
  return text;
};

/** Lower-case hexadecimal letters of a seed. */
export const hex = (seed: string, length: number): string => {
  let text = '';
  for (let i = 0; text.length < length; i += 1) text += hashOf(`${seed}#${i}`).toString(16).padStart(8, '0');
  return text.slice(0, length);
};

/** A UUID (version 4 in form) that only depends on its seed. */
export const uuid = (seed: string): string => {
  const h = hex(seed, 32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
};

/** JSON with sorted keys, so that the same content has one text whatever order a client sent it in. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
