import * as v from 'valibot';
import type {
  BarChart,
  ReportCell,
  ReportControls,
  ReportFact,
  ReportPage,
  ReportSection,
  ReportTable,
} from '../core/views/reportPage.ts';

export type { BarChart, ReportCell, ReportControls, ReportFact, ReportPage, ReportSection, ReportTable };

/** Requests of a page of figures or of a past incident to its host, always answered or failed. */
export interface ReportRequests {
  /** The page is listening: what it shows comes as a message once it is worked out. */
  ready: { params: Record<string, never>; result: null };
  /** Opens what a cell stands for. `drawn` is the page it was clicked on: what another one called so is not opened. */
  open: { params: { key: string; drawn: number }; result: null };
  show: { params: { range: string; drills: boolean }; result: null };
  exportFigures: { params: Record<string, never>; result: null };
}
export type ReportRequestName = keyof ReportRequests;
export type ReportMessage = {
  [N in ReportRequestName]: {
    readonly type: 'request';
    readonly id: number;
    readonly name: N;
    readonly params: ReportRequests[N]['params'];
  };
}[ReportRequestName];

/** Host to page: whole pages, never deltas. `drawn` counts them. */
export type ReportHostMessage =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly message: string }
  | { readonly type: 'page'; readonly page: ReportPage; readonly drawn: number }
  /** What the page that is to come waits for. */
  | { readonly type: 'working'; readonly words: string };

/** What the page keeps through a reload of the window. */
export interface ReportMemory {
  readonly kind: 'trends' | 'past';
  /** The id of a past incident; empty for Trends. */
  readonly incident: string;
  readonly range: string;
  readonly drills: boolean;
  /** Pixels from the top. */
  readonly scroll: number;
}

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const short = v.pipe(text, v.maxLength(1_000));
const missing = () => undefined;
const maybeText = v.optional(text, missing);

const params: { [N in ReportRequestName]: v.GenericSchema<unknown, ReportRequests[N]['params']> } = {
  ready: v.strictObject({}),
  open: v.strictObject({ key: short, drawn: count }),
  show: v.strictObject({ range: short, drills: v.boolean() }),
  exportFigures: v.strictObject({}),
};

const request = v.strictObject({
  type: v.literal('request'),
  id: count,
  name: v.picklist(Object.keys(params) as ReportRequestName[]),
  params: v.unknown(),
});

/** A request of the page, host side; undefined when it is anything else. Never throws. */
export function parseReportMessage(value: unknown): ReportMessage | undefined {
  const outer = v.safeParse(request, value);
  if (!outer.success) return undefined;
  const inner = v.safeParse(params[outer.output.name], outer.output.params);
  return inner.success ? ({ ...outer.output, params: inner.output } as ReportMessage) : undefined;
}

const cell = v.object({
  text,
  opens: maybeText,
  spoken: maybeText,
  tone: v.picklist(['plain', 'quiet', 'bad']),
});
const chart = v.object({
  label: text,
  series: v.array(text),
  bars: v.array(v.object({ label: text, values: v.array(v.number()), opens: maybeText })),
});
const table = v.object({
  caption: text,
  columns: v.array(v.object({ label: text, isNumber: v.boolean() })),
  rows: v.array(v.array(cell)),
});
const page: v.GenericSchema<unknown, ReportPage> = v.pipe(
  v.unknown(),
  v.object({
    title: text,
    notices: v.array(text),
    facts: v.array(v.object({ label: text, cell })),
    controls: v.optional(
      v.object({
        ranges: v.array(v.object({ value: text, label: text, chosen: v.boolean() })),
        drills: v.boolean(),
      }),
      missing,
    ),
    sections: v.array(
      v.object({
        id: text,
        heading: text,
        notes: v.array(text),
        chart: v.optional(chart, missing),
        table: v.optional(table, missing),
      }),
    ),
  }),
);

const hostMessage: v.GenericSchema<unknown, ReportHostMessage> = v.pipe(
  v.unknown(),
  v.variant('type', [
    v.variant('ok', [
      v.object({
        type: v.literal('reply'),
        id: count,
        ok: v.literal(true),
        result: v.optional(v.unknown(), null),
      }),
      v.object({ type: v.literal('reply'), id: count, ok: v.literal(false), message: text }),
    ]),
    v.object({ type: v.literal('page'), page, drawn: count }),
    v.object({ type: v.literal('working'), words: short }),
  ]),
);

/** A message of the host, page side; undefined when it is anything else. Never throws. */
export function parseReportHostMessage(value: unknown): ReportHostMessage | undefined {
  const parsed = v.safeParse(hostMessage, value);
  return parsed.success ? parsed.output : undefined;
}

const memory = v.object({
  kind: v.picklist(['trends', 'past']),
  incident: text,
  range: text,
  drills: v.boolean(),
  scroll: v.pipe(v.number(), v.finite(), v.minValue(0)),
});

/** What a page kept; undefined when there is none or another build wrote it. */
export function parseReportMemory(value: unknown): ReportMemory | undefined {
  const parsed = v.safeParse(memory, value);
  return parsed.success ? parsed.output : undefined;
}
