import type { Plan } from '../../core/plan/plan.ts';
import type { Executor } from '../../core/ports.ts';

/** How long an answer holds: permissions rarely change while one looks at a page. */
const holdsMs = 60_000;

export interface Foresight {
  /** The sentences known of a plan; asks for them when they are not known or too old. */
  of(plan: Plan): readonly string[];
  /** What was known may be wrong now: a secret was set, somebody signed in. */
  forget(): void;
}

/** Asks executors what they foresee of the plans on show, each once a minute at most, and tells when an answer is new. */
export function createForesight(
  executorFor: (plan: Plan) => Promise<Executor | undefined>,
  changed: () => void,
): Foresight {
  const known = new Map<string, { askedAt: number; sentences: readonly string[] }>();
  const ask = async (key: string, plan: Plan): Promise<void> => {
    const executor = await executorFor(plan);
    const sentences = (await executor?.foresee?.(plan, AbortSignal.timeout(10_000))) ?? [];
    const before = known.get(key);
    if (!before || before.sentences.join() === sentences.join()) return;
    known.set(key, { ...before, sentences });
    changed();
  };
  return {
    of: (plan) => {
      if (plan.missing.length > 0 || plan.kind === 'manual') return [];
      const key = JSON.stringify({ ...plan, traps: [] });
      const present = known.get(key);
      if (present && performance.now() - present.askedAt < holdsMs) return present.sentences;
      known.set(key, { askedAt: performance.now(), sentences: present?.sentences ?? [] });
      // What cannot be foreseen is no reason to stop anybody: the run itself will say.
      void ask(key, plan).catch(() => undefined);
      return present?.sentences ?? [];
    },
    forget: () => known.clear(),
  };
}
