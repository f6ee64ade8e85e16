import type { Guide } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';

/**
 * Says that the guide an incident was declared with is not here, and whose words stand in for it; undefined where it is.
 * `guide` is the one that is shown.
 */
export function missingGuide(
  { guideFile }: Pick<Incident, 'guideFile'>,
  guide: Pick<Guide, 'file'> | undefined,
): string | undefined {
  if (guideFile === undefined || guide?.file === guideFile) return undefined;
  const missing = `${guideFile} is not in this workspace`;
  return guide ? `${missing}: times, checklist and messages are of ${guide.file}.` : `${missing}.`;
}
