/** An app or a history id that argocd printed; troubled apps are offered first. */
export interface ArgoCdName {
  readonly kind: 'app' | 'revision';
  readonly name: string;
  readonly troubled: boolean;
}

/**
 * Names in the output of `argocd app list` (its table; with `bare` one name on each line) and `argocd app history`: apps
 * that are not Synced and Healthy first; history ids newest first, without the last, for that one is what runs now.
 */
export function namesOfArgoCd(lines: readonly string[], bare: boolean): readonly ArgoCdName[] {
  if (bare) return lines.flatMap((line) => (isApp(line.trim()) ? [app(line.trim(), false)] : []));
  const history = lines.findIndex((line) => /^ID\s+DATE\s+REVISION/.test(line));
  if (history >= 0) return revisionsIn(lines.slice(history + 1));
  const list = lines.findIndex((line) => /^NAME\s+CLUSTER\s+NAMESPACE\s+PROJECT/.test(line));
  if (list < 0) return [];
  return lines.slice(list + 1).flatMap((line) => {
    const cells = line.trim().split(/\s{2,}/);
    const [name = ''] = cells;
    return isApp(name) ? [app(name, !(cells.includes('Synced') && cells.includes('Healthy')))] : [];
  });
}

const isApp = (text: string): boolean => /^(?:[a-z0-9-]+\/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(text);
const app = (name: string, troubled: boolean): ArgoCdName => ({ kind: 'app', name, troubled });

function revisionsIn(lines: readonly string[]): readonly ArgoCdName[] {
  const ids = lines.flatMap((line) => /^(\d+)\s/.exec(line)?.[1] ?? []);
  return [...new Set(ids)]
    .slice(0, -1)
    .reverse()
    .map((name) => ({ kind: 'revision', name, troubled: false }));
}
