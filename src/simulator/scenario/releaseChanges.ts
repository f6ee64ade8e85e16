import type { World } from '../state/world.ts';
import type { PagerDutyStore } from '../systems/pagerduty/pagerDutyStore.ts';

/** Tells PagerDuty of every release of the services it knows, as their deploys would have by change events. */
export function recordReleases(world: World, pagerDuty: PagerDutyStore): void {
  for (const { id: service, name } of pagerDuty.services)
    for (const { message, author, revision, committedAt } of world.gitOps.releases.get(name) ?? [])
      pagerDuty.recordChange({
        service,
        summary: `${name}: ${message.split('\n')[0] ?? ''}`,
        source: 'argocd',
        at: committedAt,
        links: [
          { href: `https://git.example.com/shop/${name}/commit/${revision}`, text: revision.slice(0, 7) },
        ],
        details: { author, revision },
      });
}
