/** Slack's own markup: a mention, a channel, a link, with words of its own after `|`. */
const markup = /<([^<>|\n]*)(?:\|([^<>\n]*))?>/g;

/** Ids of the members that a text mentions. */
export const usersIn = (text: string): readonly string[] =>
  [...text.matchAll(/<@([A-Z0-9]+)/g)].flatMap(([, id]) => id ?? []);

/** A message as Slack keeps it, as a person reads it: mentions by name, links with their address, nothing escaped. */
export function plainText(mrkdwn: string, names: ReadonlyMap<string, string>): string {
  return mrkdwn
    .replace(markup, (_, target: string, words?: string) => {
      const rest = target.slice(1);
      switch (target[0]) {
        case '@':
          return `@${names.get(rest) ?? words ?? rest}`;
        case '#':
          return `#${words ?? rest}`;
        case '!':
          return words ?? `@${rest.replace(/\^.*/, '')}`;
        default:
          return words === undefined || words === target ? target : `${words} (${target})`;
      }
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}
