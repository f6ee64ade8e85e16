import * as vscode from 'vscode';
import type { Result } from '../../core/errors.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Signal } from '../../core/ports.ts';
import { pageToWatch, recordPage, type PageSeen } from '../../core/signals/pageInStep.ts';
import type { ChannelFeedDeps } from './channelFeed.ts';

/** How often a page is looked at, ms: an account may ask some hundred times a minute. */
const everyMs = 15_000;

export interface PageFeedDeps extends ChannelFeedDeps {
  readonly fetchPage: (
    connection: { readonly baseUrl: string; readonly token: string },
    id: string,
    signal: Signal,
  ) => Promise<Result<PageSeen | undefined>>;
}

/** What becomes of an incident's page in PagerDuty comes into its journal. */
export interface PageFeed extends vscode.Disposable {
  /** Looks at one now, whoever else does: before somebody else is called because nobody has answered. */
  lookAt(incident: Incident): Promise<void>;
}

/**
 * Looks at the own page of each active incident, by one window alone, one look at a time, and only in a trusted
 * workspace. A look that fails is not told: the next one is soon, and the Signals view says when PagerDuty is silent.
 */
export function createPageFeed({ incidents, journal, connections, fetchPage }: PageFeedDeps): PageFeed {
  const stop = new AbortController();
  let looking = false;
  const lookAt = async (incident: Incident): Promise<void> => {
    const page = pageToWatch(incident);
    const token =
      page && vscode.workspace.isTrusted ? await connections.tokenOf('pagerduty', page.baseUrl) : undefined;
    if (!page || token === undefined) return;
    const seen = await fetchPage({ baseUrl: page.baseUrl, token }, page.id, stop.signal);
    if (!seen.ok || !seen.value || stop.signal.aborted) return;
    const command = recordPage(incidents.get(incident.id) ?? incident, seen.value);
    if (command) await incidents.handle(incident.id, command);
  };
  const lookOnce = async (incident: Incident): Promise<void> => {
    const claim = await journal.claim(`${incident.id}/page`);
    if (!claim.ok || !claim.value) return;
    try {
      await lookAt(incident);
    } finally {
      await claim.value.release();
    }
  };
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      for (const incident of incidents.active()) if (pageToWatch(incident)) await lookOnce(incident);
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  void look();
  return {
    lookAt,
    dispose: () => {
      clearInterval(timer);
      stop.abort();
    },
  };
}
