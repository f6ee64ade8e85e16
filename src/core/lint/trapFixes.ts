import type { Trap } from '../plan/plan.ts';
import { fixRollback } from './rollbackFix.ts';
import { commandWords, flagAt, flagsEnd, type SimpleCommand } from '../plan/words/commandWords.ts';
import type { LintedStep } from './lintedStep.ts';
import type { Fix } from './lintProblem.ts';
import type { LocatedCommand } from './locateCommand.ts';

interface About {
  readonly lines: readonly string[];
  /** Namespaces that the guide's other commands name. */
  readonly namespaces: readonly string[];
  /** The one command of the script that has the trap; undefined where the first that fits has it. */
  readonly within?: SimpleCommand | undefined;
}

/** A change of the command by offsets into it. */
type Change = readonly [start: number, end: number, text: string];

/** What mends a trap mechanically, best first; empty where only a person can tell. */
export function fixesOfTrap(
  code: Trap['code'],
  { step }: LintedStep,
  located: LocatedCommand,
  about: About,
): readonly Fix[] {
  const commands = about.within ? [about.within] : commandWords(located.text);
  const edit = (title: string, ...changes: readonly Change[]): Fix => ({
    kind: 'edit',
    title,
    edits: changes.map(([start, end, text]) => ({ range: located.range(start, end), text })),
  });
  const words = (...wanted: readonly string[]): SimpleCommand | undefined =>
    commands.find((each) => wanted.every((word) => each.some(({ text }) => text === word)));
  const append = (command: SimpleCommand, text: string): Change => {
    const at = flagsEnd(command);
    return [at, at, ` ${text}`];
  };

  switch (code) {
    case 'no-namespace': {
      const kubectl = words('kubectl');
      if (!kubectl) return [];
      const known = about.namespaces.filter((name) => /^[a-z0-9-]+$/.test(name)).slice(0, 3);
      return [...known, '<namespace>'].map((name) => edit(`Add -n ${name}`, append(kubectl, `-n ${name}`)));
    }
    case 'logs-selector-tail': {
      const logs = words('kubectl', 'logs');
      if (!logs) return [];
      const isOpen = flagAt(logs, '--since') < 0 && flagAt(logs, '--since-time') < 0;
      const window = isOpen ? '--since=30m --tail=-1' : '--tail=-1';
      return [window, '--tail=200'].map((flags) => edit(`Add ${flags}`, append(logs, flags)));
    }
    case 'exec-no-terminal': {
      const exec = words('kubectl', 'exec');
      if (!exec) return [];
      const dashes = exec.findIndex(({ text }) => text === '--');
      const terminal = exec
        .slice(0, dashes < 0 ? undefined : dashes)
        .filter(({ text }) => /^(?:-(?:it|ti|i|t)|--stdin|--tty)$/.test(text));
      if (terminal.length === 0) return [];
      const title = `Remove ${terminal.map(({ text }) => text).join(' ')}`;
      const spaceBefore = (at: number): number =>
        at - (/\s*$/.exec(located.text.slice(0, at))?.[0].length ?? 0);
      return [edit(title, ...terminal.map(({ start, end }): Change => [spaceBefore(start), end, '']))];
    }
    case 'cluster-or-instance':
      return fixDatabase(words, edit);
    case 'argocd-auto-sync':
      return fixRollback(step, located, about.lines);
    case 'incomplete-argument':
      return fixGaps(commands, located.text, edit);
    default:
      return [];
  }
}

type Edit = (title: string, ...changes: readonly Change[]) => Fix;

/** A failover of a cluster and a reboot of an instance with failover are each other's mistake. */
function fixDatabase(
  words: (...wanted: readonly string[]) => SimpleCommand | undefined,
  edit: Edit,
): readonly Fix[] {
  const cluster = words('aws', 'failover-db-cluster');
  const instance = words('aws', 'reboot-db-instance');
  const swap = (command: SimpleCommand, pairs: Readonly<Record<string, string>>): readonly Change[] =>
    command.flatMap(({ text, start }): readonly Change[] => {
      const [name = text] = text.split('=', 1);
      const put = pairs[name];
      return put === undefined ? [] : [[start, start + name.length, put]];
    });
  if (cluster) {
    return [
      edit(
        'Reboot an instance with failover instead',
        ...swap(cluster, {
          'failover-db-cluster': 'reboot-db-instance --force-failover',
          '--db-cluster-identifier': '--db-instance-identifier',
        }),
      ),
    ];
  }
  if (!instance) return [];
  const forced = flagAt(instance, '--force-failover');
  const verb = instance.find(({ text }) => text === 'reboot-db-instance');
  const asCluster = edit(
    'Fail the cluster over instead',
    ...swap(instance, {
      'reboot-db-instance': 'failover-db-cluster',
      '--db-instance-identifier': '--db-cluster-identifier',
    }),
    ...(forced < 0 ? [] : [[(instance[forced]?.start ?? 1) - 1, instance[forced]?.end ?? 0, ''] as const]),
  );
  return forced < 0 && verb
    ? [edit('Add --force-failover', [verb.end, verb.end, ' --force-failover']), asCluster]
    : [asCluster];
}

/** `...` becomes a placeholder named after the flag before it, or `<value>`: then it can be asked for. */
function fixGaps(commands: readonly SimpleCommand[], text: string, edit: Edit): readonly Fix[] {
  const taken = new Map<string, number>();
  const changes = [...text.matchAll(/(?<![\p{L}\p{N}_.\/\\])(?:\.\.\.|…)(?![\p{L}\p{N}_.\/])/gu)].map(
    ({ index, 0: written }): Change => {
      const command = commands.find((words) => words.some(({ start, end }) => start <= index && index < end));
      const at = command?.findIndex(({ start, end }) => start <= index && index < end) ?? -1;
      const flag =
        /^--([a-z][\w-]*)=/.exec(command?.[at]?.text ?? '')?.[1] ??
        /^--([a-z][\w-]*)$/.exec(command?.[at - 1]?.text ?? '')?.[1] ??
        'value';
      const count = (taken.get(flag) ?? 0) + 1;
      taken.set(flag, count);
      return [index, index + written.length, `<${flag}${count === 1 ? '' : `-${String(count)}`}>`];
    },
  );
  if (changes.length === 0) return [];
  return [edit(`Replace ... by ${changes.map(([, , put]) => put).join(', ')}`, ...changes)];
}
