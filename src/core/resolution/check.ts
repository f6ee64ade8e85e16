/** What can be looked at by itself; `manual` is left to a person. */
export type CheckKind = 'metrics' | 'logs' | 'alerts' | 'pods' | 'argocd' | 'debts' | 'manual';

/**
 * `not-checked`: nobody knows. The source is not connected, did not answer, or there is nothing to compare with. It is
 * never shown as good.
 */
export type CheckState = 'good' | 'bad' | 'not-checked';

/** What one look at one thing gave. */
export interface Look {
  readonly state: CheckState;
  /** With figures, without a full stop: `3 of 3 pods of payment-service are ready`. */
  readonly sentence: string;
  /** What it was judged by, a few lines. */
  readonly evidence?: readonly string[];
}

/** Something that has to be so before an incident is over: an item of the guide's checklist, or one of ours. */
export interface Check {
  /** The item's id; `also/pods` for what the guide does not ask for. */
  readonly id: string;
  /** As the guide has it. */
  readonly text: string;
  /** Several where the words ask for several things; `manual` stands alone. */
  readonly kinds: readonly CheckKind[];
  readonly isOwn: boolean;
}

/** A check as it was seen; kept in the journal. */
export interface SeenCheck extends Look {
  readonly check: string;
  readonly text: string;
  readonly kinds: readonly CheckKind[];
  /** When it was looked at, UTC ISO 8601. */
  readonly at: string;
}

/** A person said why it is over although a check is bad or was not made. */
export interface Override {
  readonly check: string;
  readonly text: string;
  readonly state: CheckState;
  readonly sentence: string;
  readonly reason: string;
  /** UTC ISO 8601. */
  readonly at: string;
  readonly by: string;
}

/** The length of evidence that is kept of one check, in lines. */
export const mostEvidence = 8;

export const good = (sentence: string, evidence: readonly string[] = []): Look =>
  look('good', sentence, evidence);
export const bad = (sentence: string, evidence: readonly string[] = []): Look =>
  look('bad', sentence, evidence);
export const notChecked = (sentence: string, evidence: readonly string[] = []): Look =>
  look('not-checked', sentence, evidence);

const look = (state: CheckState, sentence: string, evidence: readonly string[]): Look => ({
  state,
  sentence: sentence.slice(0, 500),
  ...(evidence.length > 0
    ? { evidence: evidence.slice(0, mostEvidence).map((line) => line.slice(0, 300)) }
    : {}),
});

/** A look at a part of what there is: what it found bad is bad; that it found nothing bad says nothing. */
export function ofPart(seen: Look, missing: string | undefined): Look {
  if (missing === undefined || seen.state === 'bad') return seen;
  const sentence =
    seen.state === 'good' ? `${seen.sentence}, but ${missing}` : `${seen.sentence} (${missing})`;
  return notChecked(sentence, seen.evidence);
}

/** A sentence as a part of another: without its full stop. */
export const asPart = (sentence: string): string => sentence.replace(/\.$/, '');

const rank: Readonly<Record<CheckState, number>> = { good: 0, 'not-checked': 1, bad: 2 };

/** Several looks for one item: the worst counts, and all are told, the worst first. */
export function worst(looks: readonly Look[]): Look {
  const [first, ...others] = [...looks].sort((a, b) => rank[b.state] - rank[a.state]);
  if (!first) return notChecked('nothing here can check this');
  if (others.length === 0) return first;
  const all = [first, ...others];
  return look(
    first.state,
    all.map(({ sentence }) => sentence).join('; '),
    all.flatMap(({ evidence }) => evidence ?? []),
  );
}
