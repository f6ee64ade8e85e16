import { quoteWord } from '../words/quoteWord.ts';
import type { RdsAction } from './rdsAction.ts';

/** Where an AWS command goes: both parts explicit where they are known. */
export interface AwsPlace {
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

/**
 * The one `aws rds` command that does what the action says, profile and region explicit, quoted for a shell by `quote`.
 * Parsed again it gives the same action, but for the guard, which the AWS CLI has no option for.
 */
export function renderAws(
  action: RdsAction,
  place: AwsPlace,
  quote: (word: string) => string = quoteWord,
  openDuration?: string,
): string {
  const words: string[] = ['aws', 'rds', action.operation];
  const add = (flag: string, value: string | undefined): void => {
    if (value !== undefined) words.push(flag, quote(value));
  };
  switch (action.operation) {
    case 'describe-db-instances':
      add('--db-instance-identifier', action.instance);
      break;
    case 'describe-db-clusters':
      add('--db-cluster-identifier', action.cluster);
      break;
    case 'describe-events':
      add('--source-identifier', action.sourceIdentifier);
      add('--source-type', action.sourceType);
      if (action.durationMinutes !== undefined)
        add('--duration', openDuration ?? String(action.durationMinutes));
      break;
    case 'failover-db-cluster':
      add('--db-cluster-identifier', action.cluster);
      add('--target-db-instance-identifier', action.targetInstance);
      break;
    case 'reboot-db-instance':
      add('--db-instance-identifier', action.instance);
      if (action.forceFailover) words.push('--force-failover');
      break;
  }
  add('--profile', place.profile);
  add('--region', place.region);
  if ('output' in action) words.push('--output', action.output);
  return words.join(' ');
}
