import type { Incident } from '../incident/incident.ts';

/** At most 255 bytes make a file's name on the usual file systems; a letter takes up to four. */
const NUMBER_LIMIT = 26;
const TITLE_LIMIT = 36;

/**
 * `2026-11-23-0001-payments-failing.md`: letters and digits of any script, joined by `-`. Never empty, no path
 * characters, the same for the same incident.
 */
export function postMortemFileName(incident: Pick<Incident, 'id' | 'number' | 'title'>): string {
  const number = slug(incident.number, NUMBER_LIMIT) || slug(incident.id, NUMBER_LIMIT) || 'incident';
  const title = slug(incident.title, TITLE_LIMIT);
  return `${title === '' ? number : `${number}-${title}`}.md`;
}

function slug(text: string, limit: number): string {
  const words = text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^[-\p{M}]+/u, '');
  return [...words].slice(0, limit).join('').replace(/-+$/, '');
}
