import * as v from 'valibot';
import type { EventData } from '../core/incident/events.ts';
import { targetSchema as target } from './undoSchema.ts';

const text = v.string();
const optionalText = v.exactOptional(text);
const name = v.pipe(text, v.trim(), v.minLength(1), v.maxLength(500));
const hash = v.pipe(text, v.regex(/^[0-9a-f]{64}$/));
const utc = v.pipe(
  text,
  v.isoTimestamp(),
  v.check((time) => Number.isFinite(Date.parse(time)), 'is not a time'),
);
const how = v.picklist(['editor', 'reaction', 'reply', 'self']);
const need = v.looseObject({
  people: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(9)),
  role: v.exactOptional(name),
});

type Approvals = `Approval${'Requested' | 'Given' | 'Refused'}`;

/** The facts of approvals. Loose, like the other facts' schemas. */
export const approvalSchemas: { readonly [T in Approvals]: v.GenericSchema<unknown, EventData[T]> } = {
  ApprovalRequested: v.looseObject({
    request: name,
    step: text,
    sequence: text,
    text,
    kind: v.picklist(['kubernetes', 'argocd', 'rds', 'http', 'query', 'flag', 'shell', 'manual']),
    command: text,
    written: text,
    target,
    risk: v.picklist(['read', 'change', 'destructive']),
    plan: hash,
    changes: v.exactOptional(v.array(text)),
    guards: v.exactOptional(hash),
    folder: optionalText,
    interpreter: optionalText,
    // A request that nobody has to agree to would be an approval that nobody gave.
    needs: v.pipe(v.array(need), v.minLength(1)),
    self: v.boolean(),
    expiresAt: utc,
    undoes: optionalText,
  }),
  ApprovalGiven: v.looseObject({
    request: name,
    who: name,
    how,
    roles: v.exactOptional(v.array(text)),
    reason: optionalText,
  }),
  ApprovalRefused: v.looseObject({ request: name, who: name, how, reason: optionalText }),
};
