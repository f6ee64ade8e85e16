import type { Failure } from '../../core/errors.ts';
import type { ResourceFailure } from '../applicationResources.ts';
import type { Application, AutomatedSync, HistoryEntry } from './application.ts';

/** A failure of Argo CD, or of the way to it. */
export interface ArgoCdFailure extends Failure, ResourceFailure {
  /** A rollback was refused because automated sync is on. */
  readonly autoSyncIsOn?: boolean;
}

export type ArgoCdResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ArgoCdFailure };

export const argoCdFailed = (failure: ArgoCdFailure): { ok: false; failure: ArgoCdFailure } => ({
  ok: false,
  failure,
});

/** Who wrote a revision, and why. */
export interface RevisionMetadata {
  readonly author: string;
  readonly message: string;
}

/** One object of an app, as it is and as a sync would make it; JSON texts, empty where it is not there. */
export interface ManagedResource {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly live: string;
  readonly predicted: string;
}

export interface SyncRequest {
  readonly revision: string | undefined;
  readonly prune: boolean;
  readonly dryRun: boolean;
}

/** Apps behind one door: an Argo CD server, or the resources of a cluster. Changes are sent once, never again. */
export interface Applications {
  /** For sentences: the server's address, or the cluster. */
  readonly where: string;
  list(
    filter: { readonly project: string | undefined; readonly selector: string | undefined },
    signal: AbortSignal,
  ): Promise<ArgoCdResult<readonly Application[]>>;
  /** `app` as a person writes it: `web` or `namespace/web`. */
  get(
    app: string,
    refresh: 'none' | 'normal' | 'hard',
    signal: AbortSignal,
  ): Promise<ArgoCdResult<Application>>;
  /** Turns automated sync on with exactly these options, or off. */
  setAutomatedSync(
    app: Application,
    automated: AutomatedSync | undefined,
    signal: AbortSignal,
  ): Promise<ArgoCdResult<Application>>;
  rollback(
    app: Application,
    entry: HistoryEntry,
    prune: boolean,
    signal: AbortSignal,
  ): Promise<ArgoCdResult<Application>>;
  sync(app: Application, request: SyncRequest, signal: AbortSignal): Promise<ArgoCdResult<Application>>;
  /** An ApplicationSet's JSON, to see whether it would put a setting back. */
  applicationSet(name: string, namespace: string, signal: AbortSignal): Promise<ArgoCdResult<unknown>>;
  /** Whether the person may do this; undefined when that cannot be known. */
  mayDo(action: 'sync' | 'update', app: Application, signal: AbortSignal): Promise<boolean | undefined>;
  /** What only a server knows; absent without one. */
  readonly server?: ServerKnowledge;
}

export interface ServerKnowledge {
  /** `source` counts from 0 in the entry's sources. */
  revision(
    app: Application,
    entry: HistoryEntry,
    source: number,
    signal: AbortSignal,
  ): Promise<ArgoCdResult<RevisionMetadata>>;
  managedResources(app: Application, signal: AbortSignal): Promise<ArgoCdResult<readonly ManagedResource[]>>;
  /** The manifests (JSON texts) that git has for a revision. */
  manifests(
    app: Application,
    revision: string,
    signal: AbortSignal,
  ): Promise<ArgoCdResult<readonly string[]>>;
  /** Where a person looks at the app in a browser. */
  page(app: Application): string;
}
