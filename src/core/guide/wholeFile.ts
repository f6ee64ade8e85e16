import type { Guide } from './guide.ts';
import type { Report } from './report.ts';

/** A file's name without folder and ending: what names a runbook that has no heading. */
export const fileTitle = (file: string): string =>
  (/[^/\\]*$/.exec(file)?.[0] ?? '').replace(/\.(?:md|markdown|mdx|txt)$/i, '') || 'Guide';

/** What can be said only once everything is read. */
export function reportWhole(guide: Omit<Guide, 'problems'>, source: string, report: Report): void {
  if (source.trim() === '') {
    report(1, 'file-empty', 'warning', 'This file is empty. Write a guide into it, or remove it.');
    return;
  }
  if (source.includes('\0'))
    report(
      1 + source.slice(0, source.indexOf('\0')).split('\n').length - 1,
      'nul-bytes',
      'warning',
      'This file holds NUL bytes here, so it may not be Markdown or not UTF-8. What could be read was read.',
    );
  const holds = guide.severities.length + guide.phases.length + guide.runbooks.length + guide.contacts.length;
  if (holds === 0)
    report(
      1,
      'nothing-recognised',
      'info',
      'No severities, phases, runbooks or contacts were recognised in this file. If it is a guide, name its sections ' +
        'with markers such as <!-- incident: severities --> above their headings.',
    );
  if (guide.phases.length > 0 && guide.severities.length === 0)
    report(
      guide.phases[0]?.line ?? 1,
      'severities-missing',
      'warning',
      'The guide has phases but no table of severities with response times, so incidents have no response clock. ' +
        'Add one, or put <!-- incident: severities --> above it.',
    );
}
