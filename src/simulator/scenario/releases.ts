import type { World } from '../state/world.ts';

const image = (version: string): string => `registry.example.com/payment-service:${version}`;

function setPaymentImage(world: World, version: string, cause: string): void {
  const deployment = world.store.get('deployments', 'production', 'payment-service');
  if (deployment === undefined) return;
  world.store.update('deployments', deployment, (draft) => {
    const container = draft.spec.template.spec.containers[0];
    if (container !== undefined) container.image = image(version);
    draft.metadata.annotations = { ...draft.metadata.annotations, 'kubernetes.io/change-cause': cause };
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
  });
}

/** The release before the present one: revision 1, the one an undo goes back to. */
export const deployPreviousRelease = (world: World): void =>
  setPaymentImage(world, '2.40.2', 'release 2.40.2');

/** The present release: revision 2. */
export const releasePayment = (world: World): void => setPaymentImage(world, '2.41.0', 'release 2.41.0');
