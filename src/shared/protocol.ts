import type { Suggested, Suggestion } from '../core/inputs/fetchSuggestions.ts';
import type { RunPlots } from './runPlots.ts';
import type { RunbookPageState } from './runbookPage.ts';

export type { Suggested, Suggestion };

/** Requests of the runbook page to its host, always answered or failed. `incident` is the one the page showed. */
export interface PageRequests {
  /** The page is drawn and listening: answer with the whole state. */
  ready: { params: Record<string, never>; result: RunbookPageState };
  /** `incident` and `command` are what the page showed: anything else is not run. */
  runStep: { params: { step: string; incident: string; command: string }; result: null };
  undoChange: { params: { change: string; incident: string }; result: null };
  /** Keeps lines of a run's output as evidence, or posts them in the channel: both ask which. */
  attachOutput: { params: { run: string }; result: null };
  shareOutput: { params: { run: string }; result: null };
  /** Opens the question whether to agree to what somebody else asked for, or why not. */
  answerApproval: { params: { request: string; answer: 'approve' | 'refuse' }; result: null };
  /** Opens the form that fills in what the guide left out, then runs the step. */
  fillForm: { params: { step: string; incident: string }; result: null };
  /** Opens a dashboard or an address that the step names. */
  openPlace: { params: { step: string; place: string }; result: null };
  /** Types the run's remedy into a terminal. */
  runRemedy: { params: { run: string }; result: null };
  setSecret: { params: { name: string }; result: null };
  /** Runs the steps on show together; `tag` only those that have it. */
  runAll: { params: { incident: string; dry: boolean; tag?: string }; result: null };
  runToHere: { params: { step: string; incident: string }; result: null };
  stopAll: { params: Record<string, never>; result: null };
  stopRun: { params: { run: string }; result: null };
  skipStep: { params: { step: string; incident: string; reason: string }; result: null };
  markDone: { params: { step: string; incident: string; note: string }; result: null };
  copyCommand: { params: { step: string }; result: null };
  setValue: { params: { name: string; incident: string; value: string }; result: null };
  /** Takes back what a person set. */
  clearValue: { params: { name: string; incident: string }; result: null };
  /** What the systems have for a name: asked when its field is come to. Why not is a note, never a failure. */
  suggest: { params: { name: string; incident: string }; result: Suggested };
  /** What the queries of an ended run gave, to be drawn. */
  readPlots: { params: { run: string; incident: string }; result: RunPlots };
  openOutput: { params: { run: string }; result: null };
  openGuide: { params: { line: number }; result: null };
  pinTarget: { params: Record<string, never>; result: null };
  declare: { params: Record<string, never>; result: null };
}
export type PageRequestName = keyof PageRequests;

export type PageMessage = {
  [N in PageRequestName]: {
    readonly type: 'request';
    readonly id: number;
    readonly name: N;
    readonly params: PageRequests[N]['params'];
  };
}[PageRequestName];

/** Host to page. Whole values, never deltas. */
export type HostMessage =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly message: string }
  | { readonly type: 'state'; readonly state: RunbookPageState }
  /** The live tail of one run while it goes on: the last lines whole, and the count of all lines. */
  | { readonly type: 'tail'; readonly run: string; readonly tail: string; readonly lines: number };
