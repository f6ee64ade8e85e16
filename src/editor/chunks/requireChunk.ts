import { createRequire } from 'node:module';
import * as path from 'node:path';

/**
 * Loads a lazy chunk that the build put beside the main bundle. What a window needs only once an incident is near is
 * kept out of the main bundle, so that every other window starts without it.
 */
export const requireChunk = (
  name:
    'acts' | 'authoring' | 'guide' | 'integrations' | 'kubernetes' | 'people' | 'postmortem' | 'rds' | 'web',
): unknown => createRequire(__filename)(path.join(__dirname, `${name}.cjs`));
