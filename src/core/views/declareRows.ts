import { formatDuration } from '../incident/durations.ts';
import { msBetween, utcDateTime, utcTime } from '../incident/instants.ts';
import type { Target } from '../plan/plan.ts';
import type { DeclareDraft } from '../signals/draftFromSignal.ts';
import { withoutIcons } from '../signals/plainText.ts';
import { renderTarget } from './timeline.ts';

export type DeclareKey = 'declare' | 'title' | 'severity' | 'service' | 'onset' | 'target' | 'runbook';

export interface DeclareRow {
  readonly key: DeclareKey;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/**
 * The one confirmation of a prefilled declare at `now` (UTC ISO 8601): the first row does it and says all that will be
 * so, the cluster that commands go to among it; each row below changes one value. Where the title or the severity is not
 * known the first row asks for it. `namespace` is what the alert's own label says, shown where it is another than the target's.
 */
export function declareRows(
  draft: DeclareDraft,
  target: Target,
  now: string,
  namespace?: string,
): readonly DeclareRow[] {
  const { title, severity, service, onset, runbook } = draft;
  const since =
    onset && `${utcDateTime(onset)} (${formatDuration(Math.max(0, msBetween(onset, now) ?? 0))} ago)`;
  const place = renderTarget(target);
  const elsewhere =
    namespace !== undefined && target.namespace !== undefined && namespace !== target.namespace;
  const all = [
    target.context === undefined ? 'no cluster is pinned' : `commands go to ${place}`,
    service ?? 'service not known yet',
    onset && `since ${utcTime(onset)} UTC`,
    runbook?.kind === 'guide' && `runbook ${runbook.title}`,
  ];
  const row = (key: DeclareKey, label: string, value: string, more?: string): DeclareRow => ({
    key,
    label,
    description: withoutIcons(value),
    ...(more ? { detail: withoutIcons(more) } : {}),
  });
  const missing = title === '' ? 'title' : severity === undefined ? 'severity' : undefined;
  return [
    {
      key: missing ?? 'declare',
      label: missing
        ? `$(question) ${missing === 'title' ? 'Say what is wrong' : 'Choose a severity'}, then declare`
        : `$(flame) Declare ${withoutIcons(`${severity}: ${title}`)}`,
      detail: withoutIcons(all.filter(Boolean).join(' · ')),
    },
    ...(title === '' ? [] : [row('title', 'Title', title)]),
    ...(severity === undefined ? [] : [row('severity', 'Severity', severity)]),
    row('service', 'Service', service ?? 'not known yet'),
    row('onset', 'Started', since ?? 'not known, the declaration counts'),
    row(
      'target',
      'Target',
      place,
      elsewhere
        ? `The alert names the namespace ${namespace}: pick it if commands are to go there.`
        : undefined,
    ),
    ...(runbook ? [row('runbook', 'Runbook', runbook.kind === 'guide' ? runbook.title : runbook.url)] : []),
  ];
}
