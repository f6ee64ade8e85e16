/** A value inside the double quotes of a PromQL text. */
export const escapeLabel = (value: string): string => value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');

/**
 * A query of the settings with `{{service}}` and `{{namespace}}` filled in as they stand in double quotes. Undefined
 * where it asks for a namespace that nobody knows.
 */
export function fillMeasure(
  written: string,
  { service, namespace }: { readonly service: string; readonly namespace?: string | undefined },
): string | undefined {
  const filled = written.replace(/\{\{\s*service\s*\}\}/g, () => escapeLabel(service));
  if (!/\{\{\s*namespace\s*\}\}/.test(filled)) return filled;
  return namespace === undefined
    ? undefined
    : filled.replace(/\{\{\s*namespace\s*\}\}/g, () => escapeLabel(namespace));
}
