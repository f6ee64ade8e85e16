import type { Application, HistoryEntry, Source } from './application.ts';
import { entryAt, liveEntry } from './application.ts';
import type { Applications, RevisionMetadata } from './applications.ts';
import { oneLine, renderTabs } from './applicationTables.ts';

/** Looked up at most this many at once: each may make the repository server fetch. */
const together = 6;

interface Row {
  readonly entry: HistoryEntry;
  readonly source: Source | undefined;
  readonly index: number;
  readonly revision: string;
}

export interface RenderedHistory {
  readonly text: string;
  /** What could not be told, as a sentence. */
  readonly note: string | undefined;
}

/**
 * `argocd app history` with who wrote each revision and why, and with what is live now and was at `onsetAt` (UTC, ISO
 * 8601). Dates are in UTC.
 */
export async function renderHistory(
  applications: Applications,
  app: Application,
  onsetAt: string | undefined,
  signal: AbortSignal,
): Promise<RenderedHistory> {
  const rows = app.status.history.flatMap(rowsOf);
  const { known, note } = await fetchMetadata(applications, app, rows, signal);
  const live = liveEntry(app)?.id;
  const onset = onsetAt === undefined ? undefined : entryAt(app, onsetAt)?.id;
  const liveText = ({ id }: HistoryEntry): string =>
    [...(id === live ? ['now'] : []), ...(id === onset ? ['at onset'] : [])].join(', ');
  const bySource = Map.groupBy(rows, ({ source }) => source?.repoURL ?? '');
  const about = (row: Row): readonly string[] => {
    if (applications.server === undefined) return [startedBy(row.entry)];
    const metadata = known.get(keyOf(row));
    return [oneLine(metadata?.author ?? '', 40), oneLine(metadata?.message ?? '')];
  };
  const columns = applications.server === undefined ? ['STARTED BY'] : ['AUTHOR', 'MESSAGE'];
  const tables = [...bySource].map(([repository, own]) =>
    renderTabs([
      ['SOURCE', repository],
      ['ID', 'DATE', 'REVISION', 'LIVE', ...columns],
      ...own.map((row) => [
        String(row.entry.id),
        dateText(row.entry.deployedAt),
        revisionText(row),
        liveText(row.entry),
        ...about(row),
      ]),
    ]),
  );
  const before =
    onsetAt !== undefined && onset === undefined && rows.length > 0
      ? 'What was live at the onset is older than the history that Argo CD keeps.'
      : undefined;
  return { text: tables.join('\n'), note: [note, before].filter(Boolean).join(' ') || undefined };
}

function rowsOf(entry: HistoryEntry): readonly Row[] {
  if (entry.sources && entry.sources.length > 0)
    return entry.sources.map((source, index) => ({
      entry,
      source,
      index,
      revision: entry.revisions?.[index] ?? '',
    }));
  return [{ entry, source: entry.source ?? undefined, index: 0, revision: entry.revision }];
}

/** As argocd writes it: the branch or tag that was asked for, and the commit it was. */
const revisionText = ({ source, revision }: Row): string => {
  const target = source?.targetRevision ?? '';
  return revision.length >= 7 ? `${target} (${revision.slice(0, 7)})` : target;
};

/** Go's way of writing a time: `2026-11-23 10:00:00 +0000 UTC`. */
const dateText = (at: string): string => {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
};

const startedBy = ({ initiatedBy }: HistoryEntry): string =>
  initiatedBy?.automated ? 'auto-sync' : oneLine(initiatedBy?.username ?? '', 40);

const keyOf = ({ source, revision }: Row): string => `${source?.repoURL ?? ''} ${revision}`;

async function fetchMetadata(
  { server }: Applications,
  app: Application,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<{ readonly known: ReadonlyMap<string, RevisionMetadata>; readonly note: string | undefined }> {
  const known = new Map<string, RevisionMetadata>();
  if (server === undefined) {
    const note =
      'Author and message are not known here: the resource in the cluster does not keep them, an Argo CD server (incident.argoCd.baseUrl) does.';
    return { known, note: rows.length === 0 ? undefined : note };
  }
  // A chart's version has no author and no message; each commit is asked for once.
  const wanted = [...new Map(rows.map((row) => [keyOf(row), row])).values()].filter(
    ({ source, revision }) => revision !== '' && !source?.chart,
  );
  let note: string | undefined;
  for (let at = 0; at < wanted.length; at += together) {
    await Promise.all(
      wanted.slice(at, at + together).map(async (row) => {
        const answer = await server.revision(app, row.entry, row.index, signal);
        if (answer.ok) known.set(keyOf(row), answer.value);
        else
          note ??= `Author and message are missing where they could not be read: ${answer.failure.message}`;
      }),
    );
  }
  return { known, note };
}
