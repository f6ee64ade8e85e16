/**
 * A text as Slack keeps and gives it back: `&`, `<` and `>` escaped unless they are its own markup, bare links put in
 * angle brackets. So a text read back is rarely the text sent: compare by metadata, never by words.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function asStored(text: string): string {
  return text
    .split(/(<(?:https?:\/\/|mailto:|[@#!])[^<>\n]*>)/)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join('');
}

const escaped = (plain: string): string =>
  plain
    .replace(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/https?:\/\/[^\s|]+[^\s|.,;:!?)\]'"]/g, (link) => `<${link}>`);
