import * as vscode from 'vscode';
import {
  fetchSuggestions,
  nothingToAsk,
  type Suggested,
  type SuggestionSources,
} from '../../core/inputs/fetchSuggestions.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Missing } from '../../core/plan/plan.ts';

/** A look-up that takes longer is of no use to somebody who types, ms. */
const patienceMs = 6_000;
/** For so long an answer is still good enough, ms: pods come and go. */
const freshMs = 10_000;

/** What the systems have for a placeholder of an incident. Asks nothing in Restricted Mode. */
export type Suggest = (
  incident: Incident,
  missing: Missing,
  app: string | undefined,
  signal: AbortSignal,
) => Promise<Suggested>;

export function createSuggest(sources: SuggestionSources, now: () => number): Suggest {
  const answers = new Map<string, { readonly at: number; readonly answer: Suggested }>();
  return async (incident, missing, app, signal) => {
    if (!vscode.workspace.isTrusted || incident.status !== 'active') return nothingToAsk;
    const { target } = incident;
    const key = JSON.stringify([missing.kind, target, app]);
    const known = answers.get(key);
    if (known && now() - known.at < freshMs) return known.answer;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const answer = await fetchSuggestions(missing, { target, app }, sources, limited);
    for (const [other, { at }] of answers) if (now() - at >= freshMs) answers.delete(other);
    // Where there was nothing to show, its cause may be mended the next moment: a secret that is set, say.
    if (!limited.aborted && answer.note === undefined) answers.set(key, { at: now(), answer });
    return answer;
  };
}
