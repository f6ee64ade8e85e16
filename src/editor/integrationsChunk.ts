import type * as Chunk from '../integrations/integrations.ts';
import { requireChunk } from './requireChunk.ts';

/** Gives the integrations, read from disk when they are first wanted. */
export type LazyIntegrations = () => Chunk.Integrations;

export function createLazyIntegrations(deps: Chunk.IntegrationDeps): LazyIntegrations {
  let loaded: Chunk.Integrations | undefined;
  return () => (loaded ??= (requireChunk('integrations') as typeof Chunk).createIntegrations(deps));
}
