/**
 * What was found of a step's condition (`ir.when`, or words such as "If pods pending"). It advises and never runs
 * anything; without a run whose output can tell, the answer is `cannot-tell`.
 */
export interface Judged {
  readonly verdict: 'applies' | 'does-not-apply' | 'cannot-tell';
  /** Without a capital or a full stop: `3 of 5 pods are in CrashLoopBackOff`, `no run has shown pods yet`. */
  readonly because: string;
  /** The run that showed it; undefined where none did. */
  readonly run: string | undefined;
  /** Where it applies because of pods in a state: their names, as that run showed them. */
  readonly pods?: readonly string[];
}

/** One assertion (`ir.assert`) held against a run. What could not be looked at is `not-checked`, never passed. */
export interface Checked {
  /** As the guide writes it: `exit == 0`. */
  readonly assertion: string;
  readonly result: 'passed' | 'failed' | 'not-checked';
  /** `exit code 1`, `no line has “ready”`, `the run was stopped`. */
  readonly because: string;
}
