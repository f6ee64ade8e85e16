import type { ParsedKubectl } from './kubectlGrammar.ts';

const CLUSTER_SCOPED =
  /^(?:no|nodes?|ns|namespaces?|pv|persistentvolumes?|sc|storageclass(?:es)?|clusterroles?|clusterrolebindings?|crds?|customresourcedefinitions?|ingressclass(?:es)?|pc|priorityclass(?:es)?|apiservices?|csr|certificatesigningrequests?|(?:mutating|validating)webhookconfigurations?|cs|componentstatus(?:es)?)(?:\.|$)/i;

function kindsOf(action: ParsedKubectl['action']): readonly string[] {
  if ('kinds' in action) return action.kinds;
  if (action.verb === 'top') return [action.what];
  return action.verb === 'scale' || action.verb === 'patch' ? [action.resource.kind] : [];
}

/** Whether an action goes to all namespaces: `-A`. */
export const isEverywhere = (action: ParsedKubectl['action']): boolean =>
  'allNamespaces' in action && action.allNamespaces;

/** Whether all that an action names belongs to no namespace: nodes, volumes. */
export const isClusterWide = (action: ParsedKubectl['action']): boolean => {
  const kinds = kindsOf(action);
  return kinds.length > 0 && kinds.every((kind) => CLUSTER_SCOPED.test(kind));
};
