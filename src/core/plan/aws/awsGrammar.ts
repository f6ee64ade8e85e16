import { parseFlags } from '../words/commandFlags.ts';
import type { FlagSpec } from '../words/commandFlags.ts';
import type { MarkedWords } from '../words/markedWord.ts';
import type { RdsAction } from './rdsAction.ts';

/** An `aws rds` command that is covered completely. Its strings may still hold marks of unknown placeholders. */
export interface ParsedAws {
  readonly action: RdsAction;
  /** As written in the command; undefined when it says nothing. */
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** `--output` was written; without it a look is printed as a table, and as JSON in front of a filter. */
  readonly outputChosen: boolean;
  /** `--duration` without a value yet (NaN in the action), as the word that stands for it. */
  readonly openDuration: string | undefined;
  /** Words that become identifiers, profile and region: a value in them must not smuggle in anything else. */
  readonly nameWords: readonly string[];
}

export type AwsResult =
  | { readonly ok: true; readonly value: ParsedAws }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

const value = (name: string): FlagSpec => ({ name, takes: 'value' });
const bool = (name: string): FlagSpec => ({ name, takes: 'bool' });

/** https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html : those that change nothing we print. */
const GLOBAL: readonly FlagSpec[] = [
  value('profile'),
  value('region'),
  value('output'),
  value('color'),
  bool('no-cli-pager'),
  bool('no-cli-auto-prompt'),
];

/** https://docs.aws.amazon.com/cli/latest/reference/rds/ : the options that an action can carry. */
const OPERATIONS: Readonly<Record<RdsAction['operation'], readonly FlagSpec[]>> = {
  'describe-db-instances': [value('db-instance-identifier')],
  'describe-db-clusters': [value('db-cluster-identifier')],
  'describe-events': [value('source-identifier'), value('source-type'), value('duration')],
  'failover-db-cluster': [value('db-cluster-identifier'), value('target-db-instance-identifier')],
  'reboot-db-instance': [value('db-instance-identifier'), bool('force-failover'), bool('no-force-failover')],
};

const NAME_FLAGS = [
  'profile',
  'region',
  'db-instance-identifier',
  'db-cluster-identifier',
  'target-db-instance-identifier',
  'source-identifier',
];

/** The longest that RDS keeps events, in minutes. */
const longestDuration = 20_160;

const isOperation = (word: string): word is RdsAction['operation'] => Object.hasOwn(OPERATIONS, word);

/**
 * Reads the words behind `aws` (marks in place) for `rds` describe-db-instances, describe-db-clusters,
 * describe-events, failover-db-cluster and reboot-db-instance. Anything not covered completely (`--query`, filters,
 * paging, waiters, other services) is a reason, never a guess.
 */
export function parseAws(words: readonly string[], marked: MarkedWords): AwsResult {
  const fail = (reason: string): AwsResult => ({ ok: false, reason });
  const [service, name] = commandOf(words);
  if (service !== 'rds') return fail(`aws ${service ?? ''} has no plan of its own`.replace('  ', ' '));
  if (name === undefined || !isOperation(name))
    return fail(`aws rds ${name ?? ''} has no plan of its own`.replace('  ', ' '));

  // As GNU's long options: a switch takes no value behind `=`.
  const parsed = parseFlags(words, [...GLOBAL, ...OPERATIONS[name]], 'gnu');
  if (!parsed.ok) return fail(parsed.reason);
  const { flags, positionals, rest } = parsed;
  if (rest !== undefined) return fail('of the words behind --');
  if (positionals.length > 2) return fail(`of the word ${positionals[2] ?? ''}`);
  for (const [flag, raw] of flags)
    if (/^(?:fileb?|https?):\/\//.test(raw)) return fail(`--${flag} comes from a file or a URL`);

  const text = (flag: string): string | undefined => {
    const raw = flags.get(flag);
    return raw === undefined ? undefined : marked.fill(raw);
  };
  const output = text('output') ?? 'table';
  if (output !== 'table' && output !== 'json') return fail(`of the output format ${output}`);
  const done = (action: RdsAction, openDuration?: string): AwsResult => ({
    ok: true,
    value: {
      action,
      profile: text('profile'),
      region: text('region'),
      outputChosen: flags.has('output'),
      openDuration,
      nameWords: NAME_FLAGS.flatMap((flag) => flags.get(flag) ?? []),
    },
  });

  switch (name) {
    case 'describe-db-instances':
      return done({ operation: name, instance: text('db-instance-identifier'), output });
    case 'describe-db-clusters':
      return done({ operation: name, cluster: text('db-cluster-identifier'), output });
    case 'describe-events': {
      const sourceType = text('source-type');
      if (sourceType !== undefined && sourceType !== 'db-instance' && sourceType !== 'db-cluster')
        return fail(`of --source-type ${sourceType}`);
      const duration = text('duration');
      const open = duration !== undefined && marked.isOpen(duration);
      const minutes = duration === undefined ? undefined : open ? NaN : minutesOf(duration);
      if (minutes === 'other') return fail(`of --duration ${duration ?? ''}`);
      return done(
        {
          operation: name,
          sourceIdentifier: text('source-identifier'),
          sourceType,
          durationMinutes: minutes,
          output,
        },
        open ? duration : undefined,
      );
    }
    case 'failover-db-cluster': {
      const cluster = text('db-cluster-identifier');
      if (cluster === undefined) return fail('--db-cluster-identifier is not given');
      return done({ operation: name, cluster, targetInstance: text('target-db-instance-identifier') });
    }
    case 'reboot-db-instance': {
      const instance = text('db-instance-identifier');
      if (instance === undefined) return fail('--db-instance-identifier is not given');
      if (flags.has('force-failover') && flags.has('no-force-failover'))
        return fail('it asks for a failover and for none');
      return done({ operation: name, instance, forceFailover: flags.has('force-failover') });
    }
  }
}

function minutesOf(text: string): number | 'other' {
  const minutes = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return minutes >= 1 && minutes <= longestDuration ? minutes : 'other';
}

const GLOBAL_WITH_VALUE = new Set(
  GLOBAL.filter(({ takes }) => takes === 'value').map(({ name }) => `--${name}`),
);

/** The service and the operation, wherever the global options stand. */
function commandOf(words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < words.length && found.length < 2; i += 1) {
    const word = words[i] ?? '';
    if (GLOBAL_WITH_VALUE.has(word)) i += 1;
    else if (!word.startsWith('-')) found.push(word);
  }
  return found;
}
