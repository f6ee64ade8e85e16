import { renderGoDuration } from './goDuration.ts';
import type { KubernetesAction } from './kubernetesAction.ts';

/** What `renderKubectl` writes its words with. */
export interface CommandLine {
  add(...words: readonly string[]): void;
  /** `--name=` and its value, quoted; nothing where there is none. */
  flag(name: string, value: string | undefined): void;
  number(name: string, value: number | undefined): void;
  when(on: boolean, name: string): void;
  /** Namespace and context. */
  place(): void;
  readonly openNumbers: Readonly<Record<string, string>>;
}

type ReadAction = Extract<KubernetesAction, { verb: 'get' | 'describe' | 'top' | 'logs' }>;

/** Writes the words behind `kubectl get`, `describe`, `top` or `logs`. */
export function renderRead(action: ReadAction, line: CommandLine): void {
  switch (action.verb) {
    case 'get':
    case 'describe':
      if (action.objects) line.add(...action.objects.map(({ kind, name }) => `${kind}/${name}`));
      else line.add(action.kinds.join(','), ...action.names);
      line.place();
      line.when(action.allNamespaces, '-A');
      if (action.selector !== undefined) line.add('-l', action.selector);
      if (action.verb === 'get') renderGetFlags(action, line);
      else if (action.showEvents !== undefined) line.add(`--show-events=${action.showEvents}`);
      break;
    case 'top':
      line.add(action.what, ...(action.name === undefined ? [] : [action.name]));
      line.place();
      line.when(action.allNamespaces, '-A');
      if (action.selector !== undefined) line.add('-l', action.selector);
      line.flag('--field-selector=', action.fieldSelector);
      line.when(action.containers, '--containers');
      line.flag('--sort-by=', action.sortBy);
      line.when(action.sum, '--sum');
      line.when(action.noHeaders, '--no-headers');
      break;
    case 'logs':
      renderLogs(action, line);
  }
}

function renderGetFlags(action: Extract<KubernetesAction, { verb: 'get' }>, line: CommandLine): void {
  line.flag('--field-selector=', action.fieldSelector);
  if (action.output !== 'table')
    line.add('-o', action.template === undefined ? action.output : `${action.output}=${action.template}`);
  line.flag('--sort-by=', action.sortBy);
  line.when(action.showLabels === true, '--show-labels');
  if (action.labelColumns) line.add('-L', action.labelColumns.join(','));
  line.when(action.noHeaders, '--no-headers');
  line.when(action.ignoreNotFound === true, '--ignore-not-found');
  line.when(action.showManagedFields === true, '--show-managed-fields');
  line.when(action.watch === 'list', '-w');
  line.when(action.watch === 'changes', '--watch-only');
}

function renderLogs(action: Extract<KubernetesAction, { verb: 'logs' }>, line: CommandLine): void {
  if (action.resource !== undefined) line.add(action.resource);
  line.place();
  if (action.selector !== undefined) line.add('-l', action.selector);
  if (action.container !== undefined) line.add('-c', action.container);
  line.when(action.allContainers, '--all-containers');
  line.when(action.allPods === true, '--all-pods');
  if (action.sinceSeconds !== undefined)
    line.flag(
      '--since=',
      Number.isNaN(action.sinceSeconds)
        ? (line.openNumbers['since'] ?? '')
        : renderGoDuration(action.sinceSeconds),
    );
  line.flag('--since-time=', action.sinceTime);
  // With a selector kubectl would fall back to ten lines where we want all.
  line.number('tail', action.tailLines ?? (action.selector === undefined ? undefined : -1));
  line.number('limit-bytes', action.limitBytes);
  line.when(action.previous, '--previous');
  line.when(action.follow, '-f');
  line.when(action.timestamps, '--timestamps');
  line.when(action.prefix && action.allPods !== true, '--prefix');
  line.when(!action.prefix && action.order === undefined && severalPods(action), '--prefix=false');
  line.number('max-log-requests', action.maxLogRequests);
  line.when(action.ignoreErrors === true, '--ignore-errors');
}

const severalPods = (action: Extract<KubernetesAction, { verb: 'logs' }>): boolean =>
  action.selector !== undefined;
