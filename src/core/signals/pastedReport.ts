import type { EventData } from '../incident/events.ts';
import { longestTitle } from './draftFromSignal.ts';
import { plainText } from './plainText.ts';

type Evidence = EventData['EvidenceAdded'];

/** Longer reports are cut, characters: a journal line is not the place for a whole log. */
export const longestEvidence = 20_000;

/** What somebody outside reported, as evidence: an address alone, or text. Undefined when there is nothing. */
export function readEvidence(pasted: string): Evidence | undefined {
  const text = pasted
    // Line ends and tabs are part of a pasted mail; the other control characters are not.
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .trim();
  if (text === '') return undefined;
  const kept =
    [...text].length > longestEvidence ? `${[...text].slice(0, longestEvidence - 1).join('')}…` : text;
  return { kind: /^https?:\/\/\S+$/i.test(kept) ? 'url' : 'text', text: kept };
}

/**
 * What was typed or pasted as the title: short text is the title, and nothing else. An address or a longer text is
 * evidence, and its beginning the title.
 */
export function readTitle(given: string): {
  readonly title: string;
  readonly evidence: Evidence | undefined;
} {
  const evidence = readEvidence(given);
  if (!evidence) return { title: '', evidence: undefined };
  if (evidence.kind === 'url')
    return { title: plainText(`Report: ${hostAndPath(evidence.text)}`, longestTitle), evidence };
  const title = plainText(evidence.text, longestTitle);
  const isWhole = title === evidence.text.replace(/\s+/g, ' ');
  return isWhole ? { title, evidence: undefined } : { title: firstSentence(evidence.text), evidence };
}

/** The first sentence of a pasted report where it has one of a title's length, else as much as fits. */
function firstSentence(text: string): string {
  const sentence = /^.{8,}?[.!?](?=\s|$)/su.exec(text)?.[0].replace(/[.!?]$/, '') ?? text;
  const first = plainText(sentence, longestTitle);
  return first.endsWith('…') ? plainText(text, longestTitle) : first;
}

const hostAndPath = (url: string): string =>
  url.replace(/^https?:\/\/(?:[^/@]*@)?/i, '').replace(/[?#].*$/s, '');
