/**
 * A foreign text as nothing but text, on one line: no control characters, no direction marks or invisible characters
 * that make it read as something else; cut at `max` characters with `…`.
 */
export function plainText(text: string, max: number): string {
  const plain = text
    .slice(0, 8 * max)
    .replace(invisible, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...plain];
  return characters.length <= max
    ? plain
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

/** Unicode's format characters but the joiners that scripts and emoji are written with, and lone surrogates. */
const invisible = /(?![\u200c\u200d\n\t])[\p{Cf}\p{Cs}\ufffe\uffff]/gu;

/** For where VS Code reads `[text](command:…)` in a message as a link: a foreign text must not bring one. */
export const unlinked = (text: string): string => text.replaceAll('](', '] (');

/** For where VS Code draws `$(name)` in a label as an icon. */
export const withoutIcons = (text: string): string => text.replaceAll('$(', '$ (');
