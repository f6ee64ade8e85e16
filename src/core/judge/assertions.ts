import type { Outcome } from '../plan/plan.ts';
import type { Checked } from './judged.ts';
import { evaluate, type Seen } from './evaluate.ts';
import { parseExpression } from './expression.ts';

/** The clauses of an `ir.assert`, one at each `;` or line end outside quotes. */
export function clausesOf(text: string): readonly string[] {
  const clauses = text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^;\n"']|["'])+/g) ?? [];
  return clauses.map((clause) => clause.trim()).filter((clause) => clause !== '');
}

/**
 * Holds a step's assertions against its run. A run that was stopped, timed out or never reached its system checks
 * nothing; an exit code that is there can be looked at all the same.
 */
export function checkAssertions(
  text: string | undefined,
  outcome: Outcome,
  seen: Omit<Seen, 'unseen' | 'exitCode'>,
  values: Readonly<Record<string, string>>,
): readonly Checked[] {
  if (text === undefined) return [];
  const exitCode = exitOf(outcome);
  const broken = brokenBy(outcome);
  return clausesOf(text).map((assertion): Checked => {
    const parsed = parseExpression(assertion);
    if (!parsed.ok)
      return { assertion, result: 'not-checked', because: `it cannot be read: ${parsed.failure.message}` };
    const told = evaluate(parsed.value, {
      seen: () => ({ ...seen, exitCode, ...(broken === undefined ? {} : { unseen: broken }) }),
      value: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
      cells: 'every',
    });
    return {
      assertion,
      result: told.truth === undefined ? 'not-checked' : told.truth ? 'passed' : 'failed',
      because: told.because,
    };
  });
}

/** A native plan has no process: that it worked is its 0, as its command line tool would have exited. */
export function exitOf(outcome: Outcome): number | undefined {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.exitCode ?? 0;
    case 'no-match':
      return 1;
    case 'failed':
      return outcome.exitCode;
    case 'stopped':
    case 'timed-out':
      return undefined;
  }
}

/** Why a run's output tells nothing of what was asked; undefined when it does. */
export function brokenBy(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'succeeded':
    case 'no-match':
      return undefined;
    case 'stopped':
      return 'the run was stopped';
    case 'timed-out':
      return 'the run timed out';
    case 'failed':
      return outcome.exitCode === undefined
        ? 'the run failed'
        : `the run failed with exit code ${outcome.exitCode}`;
  }
}
