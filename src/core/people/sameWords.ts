/** Roles and names without what people write differently: capitals, spaces, wide letters. */
export const plainWords = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

export const sameWords = (a: string, b: string): boolean => plainWords(a) === plainWords(b);
