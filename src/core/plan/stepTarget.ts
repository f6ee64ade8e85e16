import { failed, ok, type Result } from '../errors.ts';
import type { Step } from '../guide/guide.ts';
import type { Plan, PlanKind, Target, Trap } from './plan.ts';

type Part = 'context' | 'namespace' | 'awsProfile' | 'awsRegion';

const parts: Readonly<Record<string, Part>> = {
  context: 'context',
  namespace: 'namespace',
  profile: 'awsProfile',
  region: 'awsRegion',
};
const words: Readonly<Record<Part, string>> = {
  context: 'context',
  namespace: 'namespace',
  awsProfile: 'AWS profile',
  awsRegion: 'AWS region',
};
const cluster: readonly Part[] = ['context', 'namespace'];
const aws: readonly Part[] = ['awsProfile', 'awsRegion'];
const used: Readonly<Record<PlanKind, readonly Part[]>> = {
  kubernetes: cluster,
  argocd: cluster,
  rds: aws,
  shell: [...cluster, ...aws],
  http: [],
  query: [],
  flag: [],
  manual: [],
};

/**
 * Reads `ir.target`: `namespace=shop`, `context=staging namespace=shop`, `profile=dr region=eu-west-1`; a word alone is a
 * context. Fails with `invalid` and a sentence.
 */
export function parseStepTarget(written: string): Result<Target> {
  const target: Partial<Record<Part, string>> = {};
  for (const word of written
    .trim()
    .split(/[\s,;]+/)
    .filter(Boolean)) {
    const equals = word.indexOf('=');
    const [key, value] = equals < 0 ? ['context', word] : [word.slice(0, equals), word.slice(equals + 1)];
    const part = Object.hasOwn(parts, key) ? parts[key] : undefined;
    if (part === undefined || value === '' || value.startsWith('-') || target[part] !== undefined)
      return failed(
        'invalid',
        `“${word.slice(0, 60)}” names no target: write context=NAME, namespace=NAME, profile=NAME or region=NAME, each once.`,
      );
    target[part] = value;
  }
  return Object.keys(target).length > 0 ? ok(target) : failed('invalid', 'It names no target.');
}

/**
 * The target that a step is planned for: the incident's pin, with the parts that its `ir.target` names. The pinned
 * server's address says nothing about another context.
 */
export function targetOfStep({ attributes }: Step, pin: Target): Target {
  const written = attributes['ir.target'];
  if (written === undefined) return pin;
  const read = parseStepTarget(written);
  if (!read.ok) return pin;
  const { server, ...rest } = pin;
  const isOther = read.value.context !== undefined && read.value.context !== pin.context;
  return { ...rest, ...(isOther || server === undefined ? {} : { server }), ...read.value };
}

/**
 * What stands against running a step where its `ir.target` says: a change goes nowhere but to the pin, a read is told.
 * An attribute that cannot be read blocks both, for nobody knows where the guide means.
 */
export function stepTargetTraps({ attributes }: Step, pin: Target, { kind, risk }: Plan): readonly Trap[] {
  const written = attributes['ir.target'];
  if (written === undefined || kind === 'manual') return [];
  const read = parseStepTarget(written);
  if (!read.ok)
    return [
      { code: 'invalid-value', message: `ir.target cannot be read. ${read.failure.message}`, blocks: true },
    ];
  const changes = risk !== 'read';
  return used[kind].flatMap((part): readonly Trap[] => {
    const [here, pinned] = [read.value[part], pin[part]];
    // Without a pin a target that is written out is a choice.
    if (here === undefined || pinned === undefined || here === pinned) return [];
    const message =
      `The guide sends this step to the ${words[part]} ${here}, but this incident is pinned to ${pinned}. ` +
      (changes ? 'It will not run until you pin the other target or correct the guide.' : 'It only reads.');
    return [{ code: 'target-differs', message, blocks: changes }];
  });
}
