import { cellVariable } from '../../core/plan/words/promisedNames.ts';
import { isSecretName } from '../../core/plan/words/refuseToKeep.ts';

/** What one script left behind in its environment; undefined where it took a variable away. */
export type LeftBehind = ReadonlyMap<string, string | undefined>;

/** The variables that carry from one step of a sequence to the next. In memory alone: never in the journal. */
export interface ShellSessions {
  /** What a step of this session finds in its environment besides the machine's own. */
  variables(session: string): Readonly<Record<string, string | undefined>>;
  /** Names of what is set there now. */
  names(session: string): readonly string[];
  /** Values that are named like secrets: they are hidden in outputs. */
  hidden(session: string): readonly string[];
  leave(session: string, left: LeftBehind): void;
  /** The output of the last step, as `$__`, and under the step's name where it is one for a variable. */
  keepOutput(session: string, name: string | undefined, stdout: string): void;
  /** Forgets every session whose key begins with `prefix`, but for those that begin with `except`. */
  forget(prefix: string, except?: string): void;
}

/** Of a longer output the end is kept: Linux takes no variable above 128 KiB. Characters. */
export const longestKept = 60_000;

export function createShellSessions(): ShellSessions {
  const sessions = new Map<string, Map<string, string | undefined>>();
  const of = (session: string): Map<string, string | undefined> => {
    const known = sessions.get(session) ?? new Map<string, string | undefined>();
    sessions.set(session, known);
    return known;
  };
  return {
    variables: (session) => Object.fromEntries(sessions.get(session) ?? []),
    names: (session) =>
      [...(sessions.get(session) ?? [])].flatMap(([name, value]) => (value === undefined ? [] : [name])),
    hidden: (session) =>
      [...(sessions.get(session) ?? [])].flatMap(([name, value]) =>
        value !== undefined && isSecretName(name) ? [value] : [],
      ),
    leave: (session, left) => {
      for (const [name, value] of left) of(session).set(name, value);
    },
    keepOutput: (session, name, stdout) => {
      const text = stdout.replace(/\0/g, '').replace(/\n+$/, '').slice(-longestKept);
      of(session).set('__', text);
      if (name !== undefined && cellVariable.test(name) && mayCarry(name)) of(session).set(name, text);
    },
    forget: (prefix, except) => {
      for (const key of [...sessions.keys()])
        if (key.startsWith(prefix) && !(except !== undefined && key.startsWith(except))) sessions.delete(key);
    },
  };
}

/**
 * Whether a variable may carry on. What says where commands go is the pin's alone, what belongs to one shell is that
 * shell's, and functions, loaders and start-up files would run something before the next script does.
 */
export const mayCarry = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !stays.test(name);

const stays =
  /^(?:KUBE\w*|AWS_\w*|ARGOCD_\w*|HELM_\w*|CLOUDSDK_\w*|BASH_\w+|BASHOPTS|SHELLOPTS|ENV|ZDOTDIR|LD_\w+|DYLD_\w+|NODE_OPTIONS|IFS|PS4|PROMPT_COMMAND|PWD|OLDPWD|SHLVL|_)$/;
