import type { PhaseKind } from './guide.ts';

/**
 * Explicit markers: an HTML comment `<!-- incident: NAME -->` says what stands below it and beats every guess.
 * Directly above a heading (or behind its text) it names the section; elsewhere in a section it names what follows it
 * there, up to the next marker.
 *
 * | Marker | Names |
 * |---|---|
 * | `severities` | the table of severities and response times |
 * | `escalation` | the table severity → who |
 * | `phases` | the section whose sub-headings are the phases, in order |
 * | `phase KIND` | one phase; KIND is triage, diagnosis, mitigation, resolution or post-mortem |
 * | `option` | a mitigation option |
 * | `runbooks` | the section whose sub-headings are runbooks |
 * | `runbook` | one runbook |
 * | `questions` | the list of key questions |
 * | `checklist` | the list to tick before the incident is over |
 * | `update-template`, `resolution-template`, `post-mortem-template` | the fence below |
 * | `cadence` | the sentence with the time between updates |
 * | `deadlines` | the list of post-mortem deadlines |
 * | `recurring NAME…` | these severities need a post-mortem only when the incident recurs |
 * | `contacts` | the table of contacts |
 * | `input name=… kind=…` | what a placeholder is, for the steps under the heading: see `inputComments.ts` |
 */
export const markerNames = [
  'severities',
  'escalation',
  'phases',
  'phase',
  'option',
  'runbooks',
  'runbook',
  'questions',
  'checklist',
  'update-template',
  'resolution-template',
  'post-mortem-template',
  'cadence',
  'deadlines',
  'recurring',
  'contacts',
  'input',
] as const;
export type MarkerName = (typeof markerNames)[number];

export interface Marker {
  readonly name: MarkerName;
  readonly args: readonly string[];
  /** What stands behind the name, as written. */
  readonly text: string;
  readonly line: number;
}

export interface UnknownMarker {
  readonly name: undefined;
  readonly written: string;
  readonly line: number;
}

export const phaseKinds: readonly PhaseKind[] = [
  'triage',
  'diagnosis',
  'mitigation',
  'resolution',
  'post-mortem',
];

/** Longer comments are somebody's text; an input has a description and its options. */
const LONGEST_MARKER = 2000;

/** Every marker in an HTML comment's text, which begins on `line`. */
export function parseMarkers(html: string, line: number): (Marker | UnknownMarker)[] {
  const markers: (Marker | UnknownMarker)[] = [];
  let at = 0;
  let counted = 0;
  let lines = 0;
  for (;;) {
    const from = html.indexOf('<!--', at);
    const to = from < 0 ? -1 : html.indexOf('-->', from + 4);
    if (to < 0) return markers;
    const body = html.slice(from + 4, to).trim();
    for (; counted < from; counted++) if (html[counted] === '\n') lines++;
    at = to + 3;
    if (body.length > LONGEST_MARKER || !/^incident:/i.test(body)) continue;
    const text = body.slice('incident:'.length).trim();
    const [word = '', ...args] = text.split(/[\s,]+/);
    const name = markerNames.find((known) => known === word.toLowerCase());
    const written = line + lines;
    markers.push(
      name
        ? { name, args, text: text.slice(word.length).trim(), line: written }
        : { name: undefined, written: word, line: written },
    );
  }
}
