import type { ArgoCdAction } from './argocd/argoCdAction.ts';
import type { HttpRequest } from './curl/curlGrammar.ts';
import { kindOfResource } from './words/kindOfPlaceholder.ts';
import type { ParsedKubectl } from './kubectl/kubectlGrammar.ts';
import type { Filter, Missing, Target, Trap } from './plan.ts';

const warn = (code: Trap['code'], message: string): Trap => ({ code, message, blocks: false });
const block = (code: Trap['code'], message: string): Trap => ({ code, message, blocks: true });

export const runsInShell = (reason: string, target: Target): Trap =>
  warn(
    'runs-in-shell',
    `Runs in your own shell${target.context ? `, with ${target.context} as the only cluster it sees` : ''}, ` +
      `because ${reason}.`,
  );

/** The context of a command that brings its own kubeconfig or server. */
export const elsewhere = 'of its own';

/** What the command wants of the target against what is pinned. `changes` says that it is not a read. */
export function targetTraps(
  written: { readonly namespace: string | undefined; readonly context: string | undefined },
  pin: Target,
  changes: boolean,
): readonly Trap[] {
  const traps: Trap[] = [];
  const differs = (what: string, here: string, pinned: string): void => {
    const message =
      `The command goes to ${what} ${here}, but this incident is pinned to ${pinned}. ` +
      (changes ? 'It will not run until you pin the other target or correct the guide.' : 'It only reads.');
    traps.push({ code: 'target-differs', message, blocks: changes });
  };
  // Without a pin a context that is written out is a choice; a way around every pin is none.
  const chosen = pin.context === undefined && written.context !== elsewhere;
  if (written.context !== undefined && !chosen && written.context !== pin.context)
    differs('context', written.context, pin.context ?? 'no cluster');
  if (written.namespace !== undefined && pin.namespace !== undefined && written.namespace !== pin.namespace)
    differs('namespace', written.namespace, pin.namespace);
  return traps;
}

export const noNamespace = (changes: boolean): Trap => ({
  code: 'no-namespace',
  message:
    'Neither the command nor the incident names a namespace. ' +
    (changes ? 'Pin one before this runs.' : 'It would look into the context’s own.'),
  blocks: changes,
});

export const noContext = (): Trap =>
  block(
    'no-context',
    'No cluster is pinned, and your machine’s current one is never used unasked. Pin a target first.',
  );

export const invalidValues = (sentences: readonly string[]): readonly Trap[] =>
  sentences.map((sentence) => block('invalid-value', sentence));

/** `...` where an argument should be: the guide leaves this part to the person. */
export const incompleteArgument = (missing: readonly Missing[]): readonly Trap[] =>
  missing.some(({ name }) => name === '...')
    ? [block('incomplete-argument', 'The guide leaves a part out (“...”). Fill it in before this can run.')]
    : [];

export function kubernetesTraps({ action, terminal, tailChosen }: ParsedKubectl): readonly Trap[] {
  const traps: Trap[] = [];
  if (tailChosen)
    traps.push(
      warn(
        'logs-selector-tail',
        'With a selector kubectl shows only the last 10 lines of each container. This reads the whole window, in ' +
          'order of time over all pods, and of more than 100,000 lines the newest of each; the output says so then. ' +
          'Give --tail for fewer.',
      ),
    );
  if (terminal)
    traps.push(
      warn(
        'exec-no-terminal',
        'An output channel is no terminal: -i and -t are left out, and the command gets no input.',
      ),
    );
  if (action.verb === 'scale' && !action.dryRun)
    traps.push(
      warn(
        'autoscaler-undoes-scale',
        `If an autoscaler or GitOps self-heal owns ${action.resource.kind}/${action.resource.name}, ` +
          'it will set the number of replicas back.',
      ),
    );
  if (
    action.verb === 'patch' &&
    action.patchType !== 'json' &&
    kindOfResource(action.resource.kind) === 'ingress' &&
    /\brules\b/.test(action.patch)
  )
    traps.push(
      warn(
        'ingress-rules-replaced',
        'The rules of an ingress have no key to merge by: this patch replaces all of them with the ones it names. ' +
          'The look before it runs says which would be lost.',
      ),
    );
  return traps;
}

export function argoCdTraps(action: ArgoCdAction, target: Target): readonly Trap[] {
  const traps: Trap[] = [];
  if (target.argoCdServer === undefined && target.context === undefined)
    traps.push(
      block(
        'no-argocd',
        'No Argo CD server and no cluster is pinned, and your argocd’s current one is never used unasked. ' +
          'Set incident.argoCd.baseUrl, then pin a target.',
      ),
    );
  if (action.verb === 'diff' && target.argoCdServer === undefined)
    traps.push(
      block(
        'no-argocd',
        'A diff needs an Argo CD server: it renders what git wants, and the cluster does not keep that. ' +
          'Set incident.argoCd.baseUrl, then pin the target again.',
      ),
    );
  if (action.verb === 'rollback' && !action.autoSyncOff)
    traps.push(
      warn(
        'argocd-auto-sync',
        'Argo CD refuses a rollback while auto-sync is on: where it is on it is turned off first, and stays off ' +
          'until you turn it on again.',
      ),
    );
  return traps;
}

export const grepTraps = (filters: readonly Pick<Filter, 'name'>[]): readonly Trap[] =>
  filters.some(({ name }) => name === 'grep')
    ? [warn('grep-no-match', 'When grep finds nothing the step has still worked: there was nothing to see.')]
    : [];

/**
 * A request that changes something without a word about who asks. It warns and does not block: inside a cluster's
 * network such end points often take everybody, and a refusal would come back as 401 with nothing changed.
 */
export const noCredentials = (
  method: string,
  url: string,
  headers: readonly (readonly [string, string])[],
): readonly Trap[] =>
  method === 'GET' ||
  method === 'HEAD' ||
  method === 'OPTIONS' ||
  headers.some(([name]) => /authorization|cookie|token|api-?key|secret|signature/i.test(name)) ||
  /[?&][^=]*(?:token|key|signature)=/i.test(url)
    ? []
    : [
        warn(
          'no-credentials',
          `This ${method} carries no credentials (no Authorization header, cookie or API key). ` +
            'If the service wants some it will answer 401 or 403 and change nothing.',
        ),
      ];

/** A flag that cannot be looked at: neither what it was nor what became of it is known. */
export const cannotVerifyFlag = (why: string): Trap =>
  warn(
    'cannot-verify',
    `${why} Its state is neither read before nor verified after, so check it in the flag service.`,
  );

/** A request that clearly switches a flag, at a service that no setting names. */
export const looksLikeFlag = ({ method, url }: HttpRequest): readonly Trap[] =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  /flag|toggle|unleash|launchdarkly/i.test(url) &&
  /\/(?:enable|disable|on|off)$/.test(url)
    ? [
        cannotVerifyFlag(
          'This looks like a feature flag, but the settings name no flag service at this address (incident.flags.services).',
        ),
      ]
    : [];

/** curl would send a change again after a failure that may pass. */
export const onlyReadsAreRetried = ({ method, curl }: HttpRequest): readonly Trap[] =>
  curl?.retries !== undefined && curl.retries > 0 && method !== 'GET' && method !== 'HEAD'
    ? [warn('not-retried', `--retry is left out: a ${method} sent twice could be done twice.`)]
    : [];

/** Traps of well-known tools that run in the shell, found in the text of the command. */
export function shellTraps(script: string, lastProgram: string | undefined): readonly Trap[] {
  const traps: Trap[] = [];
  if (
    /\bargocd\s+app\s+rollback\b/.test(script) &&
    !/--sync-policy[= ](?:none|manual)\b[^]*\bargocd\s+app\s+rollback\b/.test(script)
  )
    traps.push(
      warn(
        'argocd-auto-sync',
        'Argo CD refuses a rollback while auto-sync is on. Turn it off first: ' +
          'argocd app set <app> --sync-policy none.',
      ),
    );
  const commands = script.replace(/\\\n/g, ' ').split(/[\n;|&]+/);
  const runs = (program: RegExp, what: RegExp): boolean =>
    commands.some((command) => program.test(command) && what.test(command));
  if (runs(/\baws\b/, /\brds\s+failover-db-cluster\b/))
    traps.push(
      warn(
        'cluster-or-instance',
        'failover-db-cluster is for clusters (Aurora, Multi-AZ clusters). A single Multi-AZ instance fails over ' +
          'with aws rds reboot-db-instance --force-failover.',
      ),
    );
  if (runs(/\baws\b/, /\brds\s+reboot-db-instance\b/) && !/--force-failover\b/.test(script))
    traps.push(
      warn(
        'cluster-or-instance',
        'Without --force-failover this only restarts the instance where it is; a cluster fails over with ' +
          'aws rds failover-db-cluster.',
      ),
    );
  if (runs(/\bkubectl\b/, /\bscale\b/))
    traps.push(
      warn(
        'autoscaler-undoes-scale',
        'If an autoscaler or GitOps self-heal owns it, the scale will be undone.',
      ),
    );
  return [
    ...traps,
    ...(lastProgram === undefined ? [] : grepTraps(lastProgram === 'grep' ? [{ name: 'grep' }] : [])),
  ];
}
