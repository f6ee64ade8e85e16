import { awsTargetTraps, noAwsTarget, rdsTraps } from './awsTraps.ts';
import type { ParsedAws } from './awsGrammar.ts';
import type { MarkedWords } from '../words/markedWord.ts';
import type { Filter, RdsPlan, Risk, Target } from '../plan.ts';
import type { RdsAction } from './rdsAction.ts';
import type { ReadCommand } from '../readCommand.ts';
import { renderAws } from './renderAws.ts';
import { raisedByGuide } from '../risk.ts';
import { timeoutOf } from '../timeout.ts';
import { grepTraps, incompleteArgument, invalidValues } from '../traps.ts';

/**
 * What an `aws rds` command does. A failover cuts connections, but a replica stands ready for it; a reboot in place
 * takes the database away until it is back.
 */
export function riskOfRds(action: RdsAction): Risk {
  switch (action.operation) {
    case 'describe-db-instances':
    case 'describe-db-clusters':
    case 'describe-events':
      return 'read';
    case 'failover-db-cluster':
      return 'change';
    case 'reboot-db-instance':
      return action.forceFailover ? 'change' : 'destructive';
  }
}

/** The plan of an `aws rds` command: what it says itself wins over the pin. Strings may hold marks. */
export function planRds(
  { step, context, filled }: ReadCommand,
  parsed: ParsedAws,
  tail: { readonly filters: readonly Filter[]; readonly preview: string },
  marked: MarkedWords,
): RdsPlan {
  // What a filter was written for is the AWS CLI's JSON, not our table.
  const action: RdsAction =
    'output' in parsed.action && !parsed.outputChosen && tail.filters.length > 0
      ? { ...parsed.action, output: 'json' }
      : parsed.action;
  const ours = riskOfRds(action);
  // No setting makes a failover a read: a prefix such as `aws rds` was written for what only looks.
  const risk = raisedByGuide(ours, step.attributes['ir.risk']);
  const changes = ours !== 'read';
  const { target: pin } = context;
  const place = { profile: parsed.profile ?? pin.awsProfile, region: parsed.region ?? pin.awsRegion };
  const known = (word: string | undefined): string | undefined =>
    word === undefined || marked.isOpen(word) ? undefined : word;
  const target: Target = {
    ...(place.profile === undefined ? {} : { awsProfile: place.profile }),
    ...(place.region === undefined ? {} : { awsRegion: place.region }),
  };
  return {
    kind: 'rds',
    stepId: step.id,
    original: step.command ?? '',
    preview: renderAws(action, place, marked.quote, parsed.openDuration) + tail.preview,
    risk,
    target,
    missing: filled.missing,
    traps: [
      ...incompleteArgument(filled.missing),
      ...invalidValues([...filled.invalid, ...strangeNames(parsed, marked)]),
      ...noAwsTarget(place, changes),
      ...awsTargetTraps({ profile: known(parsed.profile), region: known(parsed.region) }, pin, changes),
      ...rdsTraps(action),
      ...grepTraps(tail.filters),
    ],
    timeoutMs: timeoutOf(step, changes ? 'rollout' : 'read'),
    action,
    filters: tail.filters,
  };
}

/** A value inside an identifier, a profile or a region must be a name. */
const strangeNames = (parsed: ParsedAws, marked: MarkedWords): readonly string[] =>
  [...new Set(parsed.nameWords.flatMap(marked.valuesIn))]
    .filter((value) => !/^[A-Za-z0-9_][\w.:@+=,/-]*$/.test(value))
    .map((value) => `“${value}” cannot be a name at AWS.`);
