import type { ArgoCdAction } from './argoCdAction.ts';
import { quoteWord } from '../words/quoteWord.ts';

/** Where an argocd command goes, to be written into it: a server's base URL, else a cluster's own resources. */
export interface ArgoCdPlace {
  readonly server: string | undefined;
  readonly context: string | undefined;
}

/**
 * The argocd commands that do exactly what the action says, joined by `&&`, server or cluster explicit, quoted for a
 * shell by `quote`. One command gives the same action when it is parsed again; a rollback with automated sync on is three.
 */
export function renderArgoCd(
  action: ArgoCdAction,
  place: ArgoCdPlace,
  quote: (word: string) => string = quoteWord,
  openNumbers: Readonly<Record<string, string>> = {},
): string {
  const command = (verb: string, ...words: readonly (string | undefined)[]): string =>
    ['argocd app', verb, ...words, ...placeWords(place, quote)]
      .filter((word) => word !== undefined)
      .join(' ');
  const flag = (on: boolean | undefined, name: string): string | undefined => (on ? name : undefined);
  const given = (name: string, value: string | undefined): string | undefined =>
    value === undefined ? undefined : `${name} ${quote(value)}`;
  const number = (name: string, value: number | undefined): string | undefined =>
    value === undefined ? undefined : Number.isNaN(value) ? quote(openNumbers[name] ?? '') : String(value);

  switch (action.verb) {
    case 'list':
      return command(
        'list',
        given('--project', action.project),
        given('-l', action.selector),
        action.output === 'wide' ? undefined : action.output === 'table' ? "-o ''" : `-o ${action.output}`,
      );
    case 'get':
      return command(
        'get',
        quote(action.app),
        flag(action.refresh === 'normal', '--refresh'),
        flag(action.refresh === 'hard', '--hard-refresh'),
        action.output === 'table' ? undefined : `-o ${action.output}`,
      );
    case 'history':
      return command('history', quote(action.app), flag(action.output === 'id', '-o id'));
    case 'rollback': {
      const app = quote(action.app);
      const rollback = command('rollback', app, number('id', action.id), flag(action.prune, '--prune'));
      if (!action.autoSyncOff) return rollback;
      return [
        command('set', app, '--sync-policy none'),
        rollback,
        command('wait', app, '--health --operation'),
      ].join(' && ');
    }
    case 'sync':
      return command(
        'sync',
        quote(action.app),
        given('--revision', action.revision),
        flag(action.prune, '--prune'),
        flag(action.dryRun, '--dry-run'),
      );
    case 'wait': {
      const all = action.health && action.sync && action.operation;
      const seconds = number('timeout', action.timeoutSeconds);
      return command(
        'wait',
        quote(action.app),
        flag(!all && action.health, '--health'),
        flag(!all && action.sync, '--sync'),
        flag(!all && action.operation, '--operation'),
        seconds === undefined ? undefined : `--timeout ${seconds}`,
      );
    }
    case 'diff':
      return command('diff', quote(action.app), given('--revision', action.revision));
    case 'set-sync-policy':
      return command(
        'set',
        quote(action.app),
        action.policy === 'manual' ? '--sync-policy none' : '--sync-policy automated',
        flag(action.prune, '--auto-prune'),
        flag(action.selfHeal, '--self-heal'),
        flag(action.allowEmpty, '--allow-empty'),
      );
  }
}

function placeWords({ server, context }: ArgoCdPlace, quote: (word: string) => string): readonly string[] {
  if (server === undefined)
    return context === undefined ? [] : ['--core', `--kube-context ${quote(context)}`];
  const [, scheme = 'https', host = server, path = ''] =
    /^(https?):\/\/([^/]+)(\/.*)?$/.exec(server.replace(/\/+$/, '')) ?? [];
  return [
    `--server ${quote(host)}`,
    ...(path === '' ? [] : [`--grpc-web-root-path ${quote(path)}`]),
    ...(scheme === 'http' ? ['--plaintext'] : []),
  ];
}
