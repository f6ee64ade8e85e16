import type { Incident } from '../incident/incident.ts';
import { bad, good, notChecked, type Look } from './check.ts';
import { tableRows } from './tableRows.ts';

/** The apps an incident is about: those its runs changed, and the one that is named like its service. */
export function appsOf(incident: Incident): readonly string[] {
  const changed = incident.changes.flatMap(({ undo }) =>
    undo?.act.kind === 'argocd' ? [undo.act.action.app] : [],
  );
  const asked = incident.runs
    .filter(({ kind }) => kind === 'argocd')
    .flatMap(
      ({ command }) =>
        /\bapp (?:get|sync|rollback|history|set|wait|diff) ([^\s-][^\s]*)/.exec(command)?.[1] ?? [],
    );
  const service = incident.service === undefined ? [] : [incident.service];
  return [...new Set([...changed, ...asked, ...service])];
}

/** Whether apps are Synced and Healthy, from `argocd app list`. An app is found by its name or `namespace/name`. */
export function judgeArgoCd(apps: readonly string[], listText: string): Look {
  const rows = tableRows(listText).filter(({ NAME = '' }) =>
    apps.some((app) => NAME === app || NAME.endsWith(`/${app}`)),
  );
  if (rows.length === 0) return notChecked(`Argo CD has no app called ${apps.join(' or ')}`);
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
