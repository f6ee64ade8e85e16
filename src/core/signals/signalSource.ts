import type { Failure } from '../errors.ts';
import type { Signal } from '../ports.ts';
import type { LiveSignal } from './incomingSignal.ts';
import type { Silence } from './silence.ts';

/** What one look at a source gave. */
export interface SourceReading {
  readonly signals: readonly LiveSignal[];
  /** Active and pending ones, where the source has any. */
  readonly silences?: readonly Silence[];
  /** False when there is more than was read: what is not among `signals` may still be there. */
  readonly complete: boolean;
}

export interface SourceFailure extends Failure {
  /** What the source asked to wait, milliseconds. */
  readonly retryAfterMs?: number;
}

export type SourceResult =
  | { readonly ok: true; readonly value: SourceReading }
  | { readonly ok: false; readonly failure: SourceFailure };

/** A system that tells of alerts, pages or changes. `read` never throws, changes nothing and obeys the signal. */
export interface SignalSource {
  /** As `sources` of its signals names it: `Alertmanager`. */
  readonly name: string;
  /** Another one when it is another server: what the old one said does not count for it. */
  readonly key: string;
  /**
   * The server by its address alone, the same in every window that asks it; left out where many accounts share one
   * address.
   */
  readonly origin?: string;
  /** Changes are looked for less often than alerts: lists of them are long and they do not wake anybody. */
  readonly kind: 'alerts' | 'changes';
  read(signal: Signal): Promise<SourceResult>;
}
