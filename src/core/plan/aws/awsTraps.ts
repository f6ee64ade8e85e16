import type { Target, Trap } from '../plan.ts';
import type { RdsAction } from './rdsAction.ts';
import type { AwsPlace } from './renderAws.ts';

const pinFirst = 'It will not run until you pin the other target or correct the guide.';

/** What the command wants of AWS against what is pinned. `changes` says that it is not a read. */
export function awsTargetTraps(written: AwsPlace, pin: Target, changes: boolean): readonly Trap[] {
  const differs = (what: string, here: string | undefined, pinned: string | undefined): readonly Trap[] =>
    here === undefined || pinned === undefined || here === pinned
      ? []
      : [
          {
            code: 'target-differs',
            message:
              `The command goes to the AWS ${what} ${here}, but this incident is pinned to ${pinned}. ` +
              (changes ? pinFirst : 'It only reads.'),
            blocks: changes,
          },
        ];
  return [
    ...differs('profile', written.profile, pin.awsProfile),
    ...differs('region', written.region, pin.awsRegion),
  ];
}

/** Neither pin nor command say which account or region: this machine's own would be used. */
export function noAwsTarget(place: AwsPlace, changes: boolean): readonly Trap[] {
  const absent = [
    ...(place.profile === undefined ? ['profile'] : []),
    ...(place.region === undefined ? ['region'] : []),
  ].join(' and no ');
  if (absent === '') return [];
  return [
    {
      code: 'no-aws-target',
      message:
        `Neither the command nor the incident names an AWS target: no ${absent}. ` +
        (changes
          ? 'This machine’s own is never used for a change. Pin a target first.'
          : 'It reads with this machine’s own.'),
      blocks: changes,
    },
  ];
}

/** How failover and reboot disappoint. */
export function rdsTraps(action: RdsAction): readonly Trap[] {
  const warn = (message: string): readonly Trap[] => [
    { code: 'cluster-or-instance', message, blocks: false },
  ];
  if (action.operation === 'failover-db-cluster')
    return warn(
      'failover-db-cluster is for clusters (Aurora, Multi-AZ clusters). A single Multi-AZ instance fails over ' +
        'with aws rds reboot-db-instance --force-failover. Open connections are cut either way.',
    );
  if (action.operation !== 'reboot-db-instance') return [];
  return action.forceFailover
    ? warn(
        'Only a Multi-AZ instance can reboot with failover; a member of a cluster fails over with ' +
          'aws rds failover-db-cluster.',
      )
    : warn(
        'Without --force-failover this only restarts the instance where it is, and it is away until it is back; ' +
          'a cluster fails over with aws rds failover-db-cluster.',
      );
}

const ASSIGNED = /(?:^|[\s;&|(:])(AWS_[A-Z_]+)\s?=\s?["']?([\w.:@/-]*)/g;
const PLAIN_VALUE = /^[\w.:@/-]+$/;
const OWN_CREDENTIALS = new Set(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']);

/** Profiles and regions named for the AWS CLI anywhere in a script, roughly split, against the pin. */
export function awsShellTraps(script: string, pin: Target, changes: boolean): readonly Trap[] {
  if (!/aws/i.test(script.replace(/['"]/g, ''))) return [];
  const assigned = [...script.matchAll(ASSIGNED)];
  const last = (...names: readonly string[]): string | undefined =>
    assigned.filter(([, name = '']) => names.includes(name)).at(-1)?.[2];
  const own = assigned.some(([, name = '']) => OWN_CREDENTIALS.has(name));
  const fromEnvironment: AwsPlace = {
    profile: own ? 'of its own keys' : last('AWS_PROFILE', 'AWS_DEFAULT_PROFILE'),
    region: last('AWS_REGION', 'AWS_DEFAULT_REGION'),
  };
  const places = script
    .replace(/\\\n/g, ' ')
    .split(/[\n;|&()`]+/)
    .flatMap((command): readonly AwsPlace[] => {
      const words = command.replace(/['"]/g, '').split(/\s+/).filter(Boolean);
      const start = words.findIndex((word) => /^(?:.*\/)?aws$/.test(word));
      if (start < 0) return [];
      const find = (flag: string): string | undefined =>
        words
          .slice(start)
          .flatMap((word, index, all) =>
            word === flag
              ? (all[index + 1] ?? [])
              : word.startsWith(`${flag}=`)
                ? word.slice(flag.length + 1)
                : [],
          )
          .filter((found) => PLAIN_VALUE.test(found))
          .at(-1);
      return [
        {
          profile: find('--profile') ?? fromEnvironment.profile,
          region: find('--region') ?? fromEnvironment.region,
        },
      ];
    });
  const used = places.length === 0 && assigned.length > 0 ? [fromEnvironment] : places;
  const unpinned = places.flatMap((place) =>
    noAwsTarget({ profile: place.profile ?? pin.awsProfile, region: place.region ?? pin.awsRegion }, false),
  );
  const traps = [
    ...used.flatMap((place) => awsTargetTraps(place, pin, changes)),
    // A shell may only read: where nothing is pinned this is said, and the run says it again.
    ...unpinned.map((trap) => ({ ...trap, message: trap.message.replace('It reads with', 'It runs with') })),
  ];
  return [...new Map(traps.map((trap) => [trap.message, trap])).values()];
}
