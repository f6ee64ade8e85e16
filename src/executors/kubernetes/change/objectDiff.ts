import { structuredPatch } from 'diff';
import { lastAppliedAnnotation } from './clientSideApply.ts';
import { isRecord } from './fieldChanges.ts';
import { withHiddenValues } from '../objects/hiddenSecret.ts';
import { renderYaml } from '../objects/yaml.ts';

/** A confirmation with a longer diff is not read; what is left out is said. */
const shownLines = 400;

/** The object as a person wrote it, more or less: without what the server keeps for itself. */
function readable(object: unknown): string {
  if (object === undefined) return '';
  if (!isRecord(object)) return renderYaml(object);
  const { status: _status, metadata, ...rest } = object;
  if (!isRecord(metadata)) return renderYaml(rest);
  const { managedFields: _managed, resourceVersion: _version, generation: _generation, ...kept } = metadata;
  const { uid: _uid, creationTimestamp: _created, selfLink: _link, annotations, ...written } = kept;
  if (!isRecord(annotations)) return renderYaml({ ...rest, metadata: written });
  // The whole object once more, on one line.
  const { [lastAppliedAnnotation]: _applied, ...noted } = annotations;
  const more = Object.keys(noted).length > 0 ? { annotations: noted } : {};
  return renderYaml({ ...rest, metadata: { ...written, ...more } });
}

/**
 * A unified diff (three lines of context, no file header) of two versions of an object as YAML; undefined before or
 * after means that it is not there. Empty when nothing a person would notice differs; the values of a Secret are hidden.
 */
export function objectDiff(before: unknown, after: unknown): string {
  const [old, next] = withHiddenValues(before, after);
  const { hunks } = structuredPatch('', '', readable(old), readable(next), '', '', { context: 3 });
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: hunk }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...hunk.filter((line) => !line.startsWith('\\')),
  ]);
  if (lines.length <= shownLines) return lines.join('\n');
  return [
    ...lines.slice(0, shownLines),
    `… ${lines.length - shownLines} more lines differ than are shown here`,
  ].join('\n');
}
