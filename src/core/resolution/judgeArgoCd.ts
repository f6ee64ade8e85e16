import type { Incident } from '../incident/incident.ts';
import { bad, good, notChecked, ofPart, type Look } from './check.ts';
import { tableRows } from './tableRows.ts';

/** The apps an incident is about. */
export interface AppsOf {
  /** Those that its runs changed or asked for: they were there. */
  readonly touched: readonly string[];
  /** The service's name, which an app may bear. */
  readonly named: string | undefined;
}

export function appsOf(incident: Incident): AppsOf {
  const changed = incident.changes.flatMap(({ undo }) =>
    undo?.act.kind === 'argocd' ? [undo.act.action.app] : [],
  );
  const asked = incident.runs
    // Who only asked for a name and was told that there is none has mistyped it.
    .filter(
      ({ kind, risk, end }) => kind === 'argocd' && !(risk === 'read' && end?.outcome.kind === 'failed'),
    )
    .flatMap(
      ({ command }) =>
        /\bapp (?:get|sync|rollback|history|set|wait|diff) ([^\s-][^\s]*)/.exec(command)?.[1] ?? [],
    );
  return { touched: [...new Set([...changed, ...asked])], named: incident.service };
}

/**
 * Whether apps are Synced and Healthy, from `argocd app list`. An app is found by its name or `namespace/name`. One that
 * was touched and is not in the list leaves it open: it was deleted, or is not shown to this account.
 */
export function judgeArgoCd({ touched, named }: AppsOf, listText: string): Look {
  const apps = [...new Set([...touched, ...(named === undefined ? [] : [named])])];
  const isOf = (app: string, { NAME = '' }: Readonly<Record<string, string>>): boolean =>
    NAME === app || NAME.endsWith(`/${app}`) || app.endsWith(`/${NAME}`);
  const all = tableRows(listText);
  const rows = all.filter((row) => apps.some((app) => isOf(app, row)));
  if (rows.length === 0) return notChecked(`Argo CD has no app called ${apps.join(' or ')}`);
  const gone = touched.filter((app) => !all.some((row) => isOf(app, row)));
  return ofPart(
    judgeRows(rows),
    gone.length === 0 ? undefined : `Argo CD lists no app called ${gone.join(' or ')}, which was touched`,
  );
}

function judgeRows(rows: readonly Readonly<Record<string, string>>[]): Look {
  const lines = rows.map(({ NAME, STATUS, HEALTH, SYNCPOLICY }) =>
    [NAME, STATUS, HEALTH, `sync policy ${SYNCPOLICY ?? 'unknown'}`].join('  '),
  );
  const isFine = ({ STATUS, HEALTH }: Readonly<Record<string, string>>): boolean =>
    STATUS === 'Synced' && HEALTH === 'Healthy';
  const wrong = rows.filter((row) => !isFine(row));
  const unknown = wrong.filter(({ STATUS, HEALTH }) => STATUS === 'Unknown' || HEALTH === 'Unknown');
  const tell = (row: Readonly<Record<string, string>>): string =>
    `${row['NAME'] ?? ''} is ${row['STATUS'] ?? 'Unknown'} and ${row['HEALTH'] ?? 'Unknown'}`;
  if (wrong.length === 0) return good(rows.map(tell).join('; '), lines);
  // Argo CD itself does not know: that is no bad news and no good news.
  return wrong.length === unknown.length
    ? notChecked(wrong.map(tell).join('; '), lines)
    : bad(wrong.map(tell).join('; '), lines);
}
