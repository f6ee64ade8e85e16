import type { Guide } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';

/** Whether a guide is the one an incident was declared with; any is, where that is not known. */
export const isOwnGuide = (
  { guideFile }: Pick<Incident, 'guideFile'>,
  guide: Pick<Guide, 'file'> | undefined,
): boolean => guideFile === undefined || guide?.file === guideFile;

/**
 * Says that the guide an incident was declared with is not here, and whose words stand in for it; undefined where it is.
 * `guide` is the one that is shown.
 */
export function missingGuide(
  incident: Pick<Incident, 'guideFile'>,
  guide: Pick<Guide, 'file'> | undefined,
): string | undefined {
  if (isOwnGuide(incident, guide)) return undefined;
  const missing = `${incident.guideFile} is not in this workspace`;
  return guide ? `${missing}: times, checklist and messages are of ${guide.file}.` : `${missing}.`;
}
