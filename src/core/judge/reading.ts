import type { MetricSet } from '../metrics/metricQuery.ts';
import type { Unit } from '../metrics/units.ts';

/**
 * What a run's output said, as data of a bounded size. It is kept in the journal with the run's end, so that what a
 * condition was judged by is still there after a reload.
 */
export interface Reading {
  /** False when the step shows only a part (a filter, a pipe, `--tail`) or failed: then absence proves nothing. */
  readonly whole: boolean;
  /** Lines of output that are not blank. */
  readonly lines: number;
  readonly pods?: PodsRead;
  readonly table?: TableRead;
  readonly logs?: LogsRead;
  readonly database?: DatabaseRead;
  /** The output where it is JSON and short. */
  readonly json?: string;
  /** The status that an HTTP request was answered with. */
  readonly httpStatus?: number;
  /** `GET`, `POST`: what an answer to a message says is about who took the message. */
  readonly httpMethod?: string;
  /** Whether the services that were shown have something behind them, as far as it was looked up. */
  readonly services?: readonly ServiceRead[];
  /** What queries gave. */
  readonly metrics?: MetricsRead;
}

export interface MetricsRead {
  /** Of a ready-made set: which. */
  readonly set?: MetricSet;
  readonly queries: readonly MetricRead[];
}

/** One query's figures, without its points. */
export interface MetricRead {
  readonly id: string;
  readonly title: string;
  readonly query: string;
  readonly unit: Unit;
  /** Series that the answer had; those that have ended count too. */
  readonly series: number;
  /** The highest and the lowest of what the series are now; absent where none has a value of now. */
  readonly highest?: number;
  readonly lowest?: number;
  /** The newest sample, UTC ISO 8601. */
  readonly lastAt?: string;
  /** Why it was not answered. */
  readonly failed?: string;
  /** From where on the value tells of trouble. */
  readonly limit?: { readonly is: 'over' | 'under'; readonly value: number };
  readonly optional?: true;
}

/** What an executor looks up beside a command's own output. */
export type LookedUp = Required<Pick<Reading, 'services'>>;

export interface PodsRead {
  readonly total: number;
  /** Running or Completed, with all of its containers ready. */
  readonly healthy: number;
  readonly restarted: number;
  /** How many are in each state of the STATUS column. */
  readonly states: Readonly<Record<string, number>>;
  /** They were asked for by name or by a field: of the others nothing is known. */
  readonly chosen?: true;
  /** Names of those that are not healthy, the first of each state first. */
  readonly troubled: readonly { readonly name: string; readonly status: string }[];
}

/** The first rows of a table that was printed with a header. */
export interface TableRead {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** True when there were more rows. */
  readonly cut: boolean;
}

export interface LogsRead {
  /** They are of single pods, each asked for alone: of the others nothing is known. */
  readonly chosen?: true;
  /** Lines that tell of an error. */
  readonly errors: number;
  /** Of those that name a request: `POST /pay`, the most frequent first. */
  readonly byEndpoint: readonly { readonly endpoint: string; readonly errors: number }[];
}

export interface DatabaseRead {
  readonly connections?: number;
  readonly limit?: number;
  /** What the server said when it took no more of them. */
  readonly refused?: string;
}

export interface ServiceRead {
  /** `payment-service`; `shop/payment-service` where several namespaces were shown. */
  readonly name: string;
  /** How many are ready. Absent where it is not known. */
  readonly endpoints?: number;
  /** Why it is not known, without a capital or a full stop: `the cluster refused to tell (403)`. */
  readonly because?: string;
}
