import { renderGoDuration } from './goDuration.ts';
import type { ParsedKubectl } from './kubectlGrammar.ts';

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
      add(action.kinds.join(','), ...action.names);
      place();
      when(action.allNamespaces, '-A');
      if (action.selector !== undefined) add('-l', action.selector);
      if (action.verb === 'get') {
        if (action.output !== 'table') add('-o', action.output);
        when(action.noHeaders, '--no-headers');
      }
      break;
    case 'logs':
      if (action.resource !== undefined) add(action.resource);
      place();
      if (action.selector !== undefined) add('-l', action.selector);
      if (action.container !== undefined) add('-c', action.container);
      when(action.allContainers, '--all-containers');
      if (action.sinceSeconds !== undefined)
        flag(
          '--since=',
          Number.isNaN(action.sinceSeconds)
            ? (openNumbers['since'] ?? '')
            : renderGoDuration(action.sinceSeconds),
        );
      // With a selector kubectl would fall back to ten lines where we want all.
      number('tail', action.tailLines ?? (action.selector === undefined ? undefined : -1));
      when(action.previous, '--previous');
      when(action.follow, '-f');
      when(action.timestamps, '--timestamps');
      when(action.prefix, '--prefix');
      break;
    case 'scale':
      add(action.resource.kind, action.resource.name);
      place();
      number('replicas', action.replicas);
      number('current-replicas', action.currentReplicas);
      when(action.dryRun, '--dry-run=server');
      break;
    case 'patch':
      add(action.resource.kind, action.resource.name);
      place();
      if (action.patchType !== 'strategic') add(`--type=${action.patchType}`);
      add('--patch', action.patch);
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
      when(action.dryRun, '--dry-run=server');
      break;
  }
  return words.join(' ');
}
