import * as v from 'valibot';
import type { EventData } from '../core/incident/events.ts';

const text = v.string();
const optionalText = v.exactOptional(text);
const ms = v.pipe(v.number(), v.finite(), v.minValue(0));
const utc = v.pipe(
  text,
  v.isoTimestamp(),
  v.check((time) => Number.isFinite(Date.parse(time)), 'is not a time'),
);
const state = v.picklist(['good', 'bad', 'not-checked']);
const seen = v.looseObject({
  check: text,
  text,
  kinds: v.array(v.picklist(['metrics', 'logs', 'alerts', 'pods', 'argocd', 'debts', 'manual'])),
  state,
  sentence: text,
  evidence: v.exactOptional(v.array(text)),
  at: utc,
});

type Resolution =
  | 'ResolutionChecked'
  | 'CheckOverridden'
  | 'SoakStarted'
  | 'RelapseSeen'
  | 'SoakPassed'
  | 'SoakCancelled'
  | 'ChangeKept'
  | 'PostMortemOwnerSet';

/** The facts of a resolution that is verified. Loose, like the other facts' schemas. */
export const resolutionSchemas: { readonly [T in Resolution]: v.GenericSchema<unknown, EventData[T]> } = {
  ResolutionChecked: v.looseObject({ checks: v.array(seen), soak: optionalText }),
  CheckOverridden: v.looseObject({ check: text, text, state, sentence: text, reason: text }),
  SoakStarted: v.looseObject({
    soak: text,
    durationMs: ms,
    then: v.picklist(['ask', 'resolve']),
    cause: optionalText,
    impact: optionalText,
    resolution: optionalText,
  }),
  RelapseSeen: v.looseObject({ soak: text, sentences: v.array(text) }),
  SoakPassed: v.looseObject({ soak: text, unwatchedMs: ms, open: v.array(text) }),
  SoakCancelled: v.looseObject({ reason: optionalText }),
  ChangeKept: v.looseObject({ change: text, reason: optionalText }),
  PostMortemOwnerSet: v.looseObject({ owner: text, role: optionalText }),
};
