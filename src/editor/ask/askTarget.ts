import type { Target } from '../../core/plan/plan.ts';
import type { ClusterReader } from '../../executors/kubernetes/clusterReader.ts';
import type { AwsProfile } from '../../executors/rds/awsProfiles.ts';
import { askText, pick, type Choice } from './ask.ts';
import { getSetting } from '../settings.ts';

type Prompt = { readonly title: string; readonly step?: number; readonly totalSteps?: number };
type Answer = Target | 'aws' | 'argocd';

/** What a target is chosen from. */
export interface TargetSources {
  readonly cluster: ClusterReader;
  readonly awsProfiles: () => Promise<readonly AwsProfile[]>;
}

/** The parts of a target that are no cluster: from the settings when an incident is declared. */
export const configuredTarget = (): Target =>
  trimmed({
    argoCdServer: getSetting('argoCd.baseUrl'),
    awsProfile: getSetting('aws.profile'),
    awsRegion: getSetting('aws.region'),
  });

/** The cluster and namespace for a new incident, with what the settings say of AWS and Argo CD. */
export async function askTarget(cluster: ClusterReader, prompt: Prompt): Promise<Target | undefined> {
  const answer = await askCluster(cluster, prompt, configuredTarget(), []);
  return typeof answer === 'string' ? undefined : answer;
}

/**
 * What Declare proposes first: the current context and its namespace, with what the settings say of AWS and Argo CD. No
 * cluster where the kubeconfig names no current context: which of them is meant is for a person to say.
 */
export function defaultTarget(cluster: ClusterReader): Target {
  const read = cluster.listContexts();
  if (!read.ok) return configuredTarget();
  const { contexts, currentContext } = read.value;
  const current = contexts.find(({ name }) => name === currentContext);
  return current && currentContext !== undefined
    ? targetOf(configuredTarget(), current, current.namespace ?? 'default', currentContext)
    : configuredTarget();
}

const targetOf = (
  kept: Target,
  { name, server }: { readonly name: string; readonly server: string },
  namespace: string,
  currentContext: string | undefined,
): Target => ({
  ...kept,
  context: name,
  server,
  namespace,
  ...(currentContext === undefined ? {} : { currentContext }),
});

/** Any part of an incident's target; what is not asked about stays as it is pinned. */
export async function askNewTarget(
  { cluster, awsProfiles }: TargetSources,
  prompt: Prompt,
  present: Target,
): Promise<Target | undefined> {
  const { argoCdServer, awsProfile, awsRegion } = present;
  const kept = trimmed({ argoCdServer, awsProfile, awsRegion });
  const aws = [awsProfile, awsRegion].filter(Boolean).join(' / ');
  const answer = await askCluster(cluster, prompt, kept, [
    { label: '$(cloud) AWS profile and region…', description: aws || 'not pinned', value: 'aws' },
    { label: '$(sync) Argo CD server…', description: argoCdServer ?? 'not pinned', value: 'argocd' },
  ]);
  if (answer === 'aws') return askAws(await awsProfiles(), prompt, present);
  return answer === 'argocd' ? askArgoCd(prompt, present) : answer;
}

async function askCluster(
  cluster: ClusterReader,
  prompt: Prompt,
  kept: Target,
  others: readonly Choice<Answer>[],
): Promise<Answer | undefined> {
  const read = cluster.listContexts();
  const none: Choice<Answer> = {
    label: '$(circle-slash) No cluster',
    description: read.ok ? 'steps that need one stay blocked' : read.failure.message,
    value: kept,
  };
  if (!read.ok)
    return pick([none, ...others], { ...prompt, placeholder: 'The kubeconfig could not be read' });
  const { contexts, currentContext } = read.value;
  const ordered = [...contexts].sort(
    (a, b) =>
      Number(b.name === currentContext) - Number(a.name === currentContext) || a.name.localeCompare(b.name),
  );
  const choice = (context: (typeof ordered)[number], namespace: string): Choice<Answer> => ({
    label: `${context.name} / ${namespace}`,
    description: context.name === currentContext ? `current context, ${context.server}` : context.server,
    value: targetOf(kept, context, namespace, currentContext),
  });
  return pick(
    [...ordered.map((context) => choice(context, context.namespace ?? 'default')), none, ...others],
    {
      ...prompt,
      placeholder: 'Where do the commands go? The incident stays pinned to this context and namespace.',
      later: async (signal) => {
        const current = ordered[0];
        if (!current) return [];
        const namespaces = await cluster.listNamespaces(current.name, signal);
        return namespaces.ok ? namespaces.value.map((name) => choice(current, name)) : [];
      },
    },
  );
}

async function askAws(
  profiles: readonly AwsProfile[],
  prompt: Prompt,
  present: Target,
): Promise<Target | undefined> {
  const profile = await pick(
    profiles.map(({ name, region }) => ({
      label: name,
      description: [region, name === present.awsProfile ? 'pinned now' : ''].filter(Boolean).join(', '),
      value: { name, region },
    })),
    {
      ...prompt,
      placeholder: 'Which AWS profile? Those of ~/.aws/config are listed; another can be typed.',
      typed: (text) =>
        /^\S+$/.test(text) ? { label: text, value: { name: text, region: undefined } } : undefined,
    },
  );
  if (profile === undefined) return undefined;
  const region = await askText({
    title: `AWS region for ${profile.name}`,
    prompt: 'Like eu-central-1.',
    value: profile.region ?? present.awsRegion ?? '',
    validate: (given) =>
      /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(given) ? undefined : 'Write the region as AWS does: eu-central-1.',
  });
  return region === undefined ? undefined : { ...present, awsProfile: profile.name, awsRegion: region };
}

/** The token belongs to the server of the settings: no other one can be pinned. */
async function askArgoCd(prompt: Prompt, present: Target): Promise<Target | undefined> {
  const configured = getSetting('argoCd.baseUrl').trim();
  const { argoCdServer: _server, ...without } = present;
  const inCluster = {
    label: 'No server',
    description: 'apps are read and changed as Application resources of the pinned cluster',
    value: without,
  };
  const server = {
    label: configured,
    description: 'of the settings',
    value: { ...without, argoCdServer: configured },
  };
  return pick(configured === '' ? [inCluster] : [server, inCluster], {
    ...prompt,
    placeholder: 'Which Argo CD server? Its address is the setting incident.argoCd.baseUrl.',
  });
}

type OtherParts = 'argoCdServer' | 'awsProfile' | 'awsRegion';

/** Only what has a text. */
const trimmed = (parts: { readonly [K in OtherParts]?: string | undefined }): Target =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([key, value]) => (value?.trim() ? [[key, value.trim()]] : [])),
  );
