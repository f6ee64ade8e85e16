import type { PostMortemStatus } from './events.ts';

export const postMortemStatuses = [
  'draft',
  'in-review',
  'reviewed',
] as const satisfies readonly PostMortemStatus[];

/** As the document and the tree say it. */
export const statusNames: Readonly<Record<PostMortemStatus, string>> = {
  draft: 'Draft',
  'in-review': 'In review',
  reviewed: 'Reviewed',
};

/** Why a post-mortem cannot go from one status to another; undefined when it can. Back to the draft is always open. */
export function whyNotStatus(from: PostMortemStatus = 'draft', to: PostMortemStatus): string | undefined {
  if (from === to) return `The post-mortem is “${statusNames[to]}” already. Nothing was changed.`;
  if (to === 'reviewed' && from !== 'in-review')
    return 'A draft has to be in review before it is reviewed. Nothing was changed; send it to review first.';
  return undefined;
}
