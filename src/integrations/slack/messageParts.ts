import { toLines } from './mrkdwn.ts';

/** Slack asks for no more in one message, in characters of mrkdwn. https://docs.slack.dev/reference/methods/chat.postMessage */
const longest = 4_000;
/** A channel is to be read: what is longer than so many messages is cut, and the last one says so. */
const mostParts = 10;

export interface MessageParts {
  /** mrkdwn, each within Slack's limit. */
  readonly parts: readonly string[];
  readonly cut: boolean;
}

const cutSentence = '… cut here: the whole text is in the incident’s journal.';

/** A Markdown text as the messages it takes: split between lines where it can be, code fences closed and opened again. */
export function messageParts(markdown: string): MessageParts {
  const parts: string[] = [];
  let part = '';
  let inFence = false;
  const end = (): void => {
    parts.push(inFence ? `${part}\n\`\`\`` : part);
    part = inFence ? '```' : '';
  };
  // Room for closing a fence, and for the sentence in the last one.
  const room = longest - cutSentence.length - 8;
  for (const { pieces, code } of toLines(markdown)) {
    const line = pieces.join('');
    if (part !== '' && part.length + 1 + line.length > room) end();
    let chunk = '';
    for (const piece of pieces) {
      if (part.length + 1 + chunk.length + piece.length > room) {
        part = joined(part, chunk);
        chunk = '';
        end();
      }
      chunk += piece;
    }
    part = joined(part, chunk);
    if (!code && line === '```') inFence = !inFence;
  }
  parts.push(part);
  const full = parts.map((one) => one.trim()).filter((one) => one !== '');
  if (full.length <= mostParts) return { parts: full, cut: false };
  const kept = full.slice(0, mostParts);
  kept[mostParts - 1] = `${kept[mostParts - 1] ?? ''}\n${cutSentence}`;
  return { parts: kept, cut: true };
}

const joined = (before: string, more: string): string => (before === '' ? more : `${before}\n${more}`);
