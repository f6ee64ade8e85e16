import { renderGoDuration } from './goDuration.ts';
import type { ParsedKubectl } from './kubectlGrammar.ts';
import { renderRead } from './renderRead.ts';

/**
 * The one kubectl command that does exactly what the action says, namespace and context explicit, quoted for a
 * shell by `quote`. Parsed again it gives the same action.
 */
export function renderKubectl(
  { action, openNumbers }: Pick<ParsedKubectl, 'action' | 'openNumbers'>,
  target: { readonly namespace: string | undefined; readonly context: string | undefined },
  quote: (word: string) => string,
): string {
  const words: string[] = ['kubectl', action.verb];
  const add = (...more: readonly string[]): void => {
    words.push(...more.map(quote));
  };
  const flag = (name: string, value: string | undefined): void => {
    if (value !== undefined) words.push(`${name}${quote(value)}`);
  };
  const number = (name: string, value: number | undefined): void => {
    if (value !== undefined)
      words.push(`--${name}=${Number.isNaN(value) ? quote(openNumbers[name] ?? '') : value}`);
  };
  const when = (on: boolean, name: string): void => {
    if (on) words.push(name);
  };
  const place = (): void => {
    if (target.namespace !== undefined) add('-n', target.namespace);
    if (target.context !== undefined) add('--context', target.context);
  };

  switch (action.verb) {
    case 'get':
    case 'describe':
    case 'top':
    case 'logs':
      renderRead(action, { add, flag, number, when, place, openNumbers });
      break;
    case 'scale':
      if (action.more === undefined) add(action.resource.kind, action.resource.name);
      else add(...[action.resource, ...action.more].map(({ kind, name }) => `${kind}/${name}`));
      place();
      number('replicas', action.replicas);
      number('current-replicas', sharedReplicas(action));
      if (action.resourceVersion !== undefined) flag('--resource-version=', action.resourceVersion);
      // Without --timeout a scale is watched for a while; 0 is kubectl's own word for not at all.
      if (action.wait?.required || (!action.wait && !action.dryRun))
        flag('--timeout=', renderGoDuration(action.wait?.seconds ?? 0));
      when(action.dryRun, '--dry-run=server');
      break;
    case 'patch':
      add(action.resource.kind, action.resource.name);
      place();
      if (action.subresource !== undefined) add(`--subresource=${action.subresource}`);
      if (action.patchType !== 'strategic') add(`--type=${action.patchType}`);
      if (action.patchFile === undefined) add('--patch', action.patch);
      else add('--patch-file', action.patchFile);
      when(action.dryRun, '--dry-run=server');
      break;
    case 'exec':
      add(action.pod);
      place();
      if (action.container !== undefined) add('-c', action.container);
      words.push('--');
      add(...action.command);
      break;
    case 'rollout':
      add(action.sub, action.resource.kind, action.resource.name);
      place();
      number('to-revision', action.toRevision);
      when(action.once === true, '--watch=false');
      if (action.timeoutSeconds !== undefined) flag('--timeout=', renderGoDuration(action.timeoutSeconds));
      when(action.dryRun, '--dry-run=server');
      break;
    case 'apply':
      for (const file of action.files) add('-f', file);
      when(action.recursive, '-R');
      place();
      when(action.serverSide, '--server-side');
      when(action.forceConflicts, '--force-conflicts');
      if (action.fieldManager !== undefined) flag('--field-manager=', action.fieldManager);
      when(action.dryRun, '--dry-run=server');
      break;
    case 'delete':
      if (action.kinds.length > 0) add(action.kinds.join(','), ...action.names);
      for (const file of action.files) add('-f', file);
      when(action.recursive, '-R');
      place();
      if (action.selector !== undefined) add('-l', action.selector);
      when(action.all, '--all');
      number('grace-period', action.gracePeriodSeconds);
      when(action.force, '--force');
      if (action.cascade !== 'background') add(`--cascade=${action.cascade}`);
      when(!action.wait, '--wait=false');
      if (action.timeoutSeconds !== undefined) flag('--timeout=', renderGoDuration(action.timeoutSeconds));
      when(action.ignoreNotFound, '--ignore-not-found');
      when(action.dryRun, '--dry-run=server');
      break;
  }
  return words.join(' ');
}

/** kubectl knows one `--current-replicas` for all objects of a command: where they differ each keeps its own guard. */
const sharedReplicas = ({
  currentReplicas,
  more = [],
}: Extract<ParsedKubectl['action'], { verb: 'scale' }>): number | undefined =>
  more.every((each) => each.currentReplicas === undefined || each.currentReplicas === currentReplicas)
    ? currentReplicas
    : undefined;
