import type { PlanKind, Target } from './plan.ts';

type Part = 'context' | 'server' | 'namespace' | 'argoCdServer' | 'awsProfile' | 'awsRegion';

const cluster: readonly Part[] = ['context', 'server', 'namespace'];
const aws: readonly Part[] = ['awsProfile', 'awsRegion'];
/** The parts of a target that a plan's kind makes use of; what speaks plain HTTP says itself where it goes. */
const used: Readonly<Record<PlanKind, readonly Part[]>> = {
  kubernetes: cluster,
  argocd: ['argoCdServer', ...cluster],
  rds: aws,
  shell: [...cluster, 'argoCdServer', ...aws],
  http: [],
  query: [],
  flag: [],
  manual: [],
};

const words: Readonly<Record<Part, string>> = {
  context: 'the context',
  server: 'the cluster’s server',
  namespace: 'the namespace',
  argoCdServer: 'the Argo CD server',
  awsProfile: 'the AWS profile',
  awsRegion: 'the AWS region',
};

const plain = (part: Part, value: string): string =>
  part === 'argoCdServer' ? value.replace(/\/+$/, '').toLowerCase() : value;

/**
 * Why a plan goes to another place than the pin, as a sentence without its end; undefined when it does not. Only what
 * both name is compared: a part that was never pinned cannot be missed.
 */
export function placeDiffers(pin: Target, kind: PlanKind, target: Target): string | undefined {
  for (const part of used[kind]) {
    const [pinned, here] = [pin[part], target[part]];
    if (pinned === undefined || here === undefined || plain(part, pinned) === plain(part, here)) continue;
    return `The incident is pinned to ${words[part]} ${pinned} by now, and this goes to ${words[part]} ${here}`;
  }
  return undefined;
}
