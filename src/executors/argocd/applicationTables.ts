import type { Application } from './application.ts';
import { automatedSync, qualifiedName, sourcesOf } from './application.ts';

/** Aligns cells as Go's tabwriter does with argocd's settings: two spaces between columns, the last one not padded. */
export function renderTabs(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const line of lines)
    line.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, [...cell].length + 2);
    });
  return lines
    .map((line) =>
      line
        .map((cell, index) =>
          index === line.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - [...cell].length),
        )
        .join('')
        .concat('\n'),
    )
    .join('');
}

/** One line of a text from elsewhere: no line breaks, no terminal escapes, at most `longest` characters. */
export function oneLine(text: string, longest = 72): string {
  const first = (text.trim().split(/[\r\n\f]/, 1)[0] ?? '')
    .replaceAll('\u001b', '^[')
    .replace(/[\t\u0000-\u001f\u007f]/g, ' ');
  const characters = [...first];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : first;
}

const clusterOf = ({ spec }: Application): string => spec.destination.server || spec.destination.name;

function conditionsText({ status }: Application): string {
  const counts = new Map<string, number>();
  for (const { type } of status.conditions) counts.set(type, (counts.get(type) ?? 0) + 1);
  return (
    [...counts]
      .map(([type, count]) => (count > 1 ? `${type}(${count})` : type))
      .sort()
      .join(',') || '<none>'
  );
}

/** `argocd app list`: https://argo-cd.readthedocs.io/en/stable/user-guide/commands/argocd_app_list/ */
export function renderAppList(apps: readonly Application[], wide: boolean): string {
  const header = ['NAME', 'CLUSTER', 'NAMESPACE', 'PROJECT', 'STATUS', 'HEALTH', 'SYNCPOLICY', 'CONDITIONS'];
  const rows = apps.map((app) => {
    const automated = automatedSync(app);
    const [source] = sourcesOf(app);
    return [
      qualifiedName(app),
      clusterOf(app),
      app.spec.destination.namespace,
      app.spec.project || 'default',
      app.status.sync.status ?? '',
      app.status.health.status ?? '',
      automated === undefined ? 'Manual' : automated.prune ? 'Auto-Prune' : 'Auto',
      conditionsText(app),
      ...(wide ? [source?.repoURL ?? '', source?.path ?? '', source?.targetRevision ?? ''] : []),
    ];
  });
  return renderTabs([wide ? [...header, 'REPO', 'PATH', 'TARGET'] : header, ...rows]);
}

/** The key facts of `argocd app get`, its conditions and its resources; sync windows need the project and are left out. */
export function renderApp(app: Application, page: string | undefined): string {
  const fact = (name: string, value: string): string => `${name.padEnd(20)}${value}\n`;
  const sources = sourcesOf(app);
  const automated = automatedSync(app);
  const conditions = app.status.conditions.map(({ type, message, lastTransitionTime }) => [
    type,
    oneLine(message, 200),
    lastTransitionTime,
  ]);
  return [
    fact('Name:', qualifiedName(app)),
    fact('Project:', app.spec.project || 'default'),
    fact('Server:', clusterOf(app)),
    fact('Namespace:', app.spec.destination.namespace),
    ...(page === undefined ? [] : [fact('URL:', page)]),
    sources.length > 1 ? 'Sources:\n' : 'Source:\n',
    ...sources.flatMap(({ repoURL = '', targetRevision = '', path = '', ref = '' }) => [
      fact('- Repo:', repoURL),
      fact('  Target:', targetRevision),
      ...(path === '' ? [] : [fact('  Path:', path)]),
      ...(ref === '' ? [] : [fact('  Ref:', ref)]),
    ]),
    fact(
      'Sync Policy:',
      automated === undefined ? 'Manual' : `Automated${automated.prune ? ' (Prune)' : ''}`,
    ),
    fact('Sync Status:', syncText(app)),
    fact('Health Status:', app.status.health.status ?? ''),
    ...(conditions.length === 0
      ? []
      : ['\n', renderTabs([['CONDITION', 'MESSAGE', 'LAST TRANSITION'], ...conditions]), '\n']),
    ...(app.status.resources.length === 0 ? [] : ['\n', renderTabs([resourceHeader, ...resourceRows(app)])]),
  ].join('');
}

function syncText(app: Application): string {
  const { status = '', revision = '' } = app.status.sync;
  const target = sourcesOf(app)[0]?.targetRevision ?? '';
  const against = status === 'Synced' ? ` to ${target}` : status === 'OutOfSync' ? ` from ${target}` : '';
  const isCommit = /^(?:[0-9a-f]{7}|[0-9a-f]{40})$/.test(target);
  return status + against + (!isCommit && revision.length > 7 ? ` (${revision.slice(0, 7)})` : '');
}

const resourceHeader = ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH', 'HOOK', 'MESSAGE'];

/** What an app is made of: first what the last sync handled, in its order, then the rest by name, as argocd lists it. */
export function resourceRows(app: Application): readonly (readonly string[])[] {
  type Place = {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
  const keyOf = ({ group, kind, namespace, name }: Place): string => `${group}/${kind}/${namespace}/${name}`;
  const rest = new Map(app.status.resources.map((resource) => [keyOf(resource), resource]));
  const synced = (app.status.operationState?.syncResult?.resources ?? []).map((result) => {
    const { group, kind, namespace, name, hookType, message } = result;
    const present = rest.get(keyOf(result));
    rest.delete(keyOf(result));
    const [sync, health] =
      present && hookType === ''
        ? [present.status, present.health?.status ?? '']
        : [result.hookPhase, result.status];
    return [group, kind, namespace, name, sync, health, hookType, oneLine(message, 200)];
  });
  const others = [...rest.values()]
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map(({ group, kind, namespace, name, status, health }) => [
      group,
      kind,
      namespace,
      name,
      status,
      health?.status ?? '',
      '',
      '',
    ]);
  return [...synced, ...others];
}
