import { quietMentions } from './quietMentions.ts';

const longestTitle = 256;
const longestBody = 65_536;

/** Hidden where the text is shown, kept where it is edited. */
export const markOf = (key: string): string =>
  `<!-- incident-response: ${encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('--', '-%2D')} -->`;

/** A text as GitHub takes it, with the delivery's mark at its end. */
export function withMark(markdown: string, key: string): string {
  const mark = `\n\n${markOf(key)}`;
  const room = longestBody - mark.length;
  const cut = '\n\n… (cut here: GitHub takes no longer text)';
  const text =
    markdown.length <= room ? markdown : `${markdown.slice(0, room - cut.length).toWellFormed()}${cut}`;
  return `${text}${mark}`;
}

/** One line that fits. */
export const titleOf = (title: string): string =>
  quietMentions(title.replace(/\s+/g, ' ').trim()).slice(0, longestTitle).toWellFormed();
