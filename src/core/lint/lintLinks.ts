import type { Guide, GuideLink } from '../guide/guide.ts';
import { fileTitle } from '../guide/wholeFile.ts';
import type { LintProblem } from './lintProblem.ts';
import { inLine, replaceIn, wholeLine } from './textEdit.ts';

/** The path a link leads to without its heading; undefined for addresses and for headings of the file itself. */
export function linkedFile({ href, resolved }: GuideLink): string | undefined {
  if (href === '' || href.startsWith('#') || href.startsWith('/') || /^[a-z][a-z\d+.-]*:/i.test(href))
    return undefined;
  return resolved.replace(/[?#].*$/s, '');
}

/** The files that a guide links to relative to itself, each once: what has to be looked for. */
export const linkedFiles = ({ links }: Pick<Guide, 'links'>): readonly string[] => [
  ...new Set(links.flatMap((link) => linkedFile(link) ?? [])),
];

/** Relative links that lead nowhere; `missing` are those of `linkedFiles` that are not there. */
export function lintLinks(
  guide: Guide,
  lines: readonly string[],
  missing: ReadonlySet<string>,
): readonly LintProblem[] {
  return guide.links.flatMap((link): readonly LintProblem[] => {
    const path = linkedFile(link);
    if (path === undefined || !missing.has(path)) return [];
    const { text, href, line } = link;
    const written = lines[line - 1] ?? '';
    const target = written.indexOf(`](${href}`);
    const at = written.indexOf(`[${text}](${href}`);
    const close = at < 0 ? -1 : written.indexOf(')', target + href.length);
    const isMarkdown = /\.(?:md|markdown)$/i.test(path);
    return [
      {
        line,
        code: 'link-dead',
        severity: 'warning',
        message: `${href.replace(/[?#].*$/s, '')} is not there. Nobody can follow this link at 3 a.m.: correct it, or write the file.`,
        range: target < 0 ? wholeLine(lines, line) : inLine(line, target + 3, target + 3 + href.length),
        fixes: [
          ...(isMarkdown
            ? [
                {
                  kind: 'create-file' as const,
                  title: `Create ${path}`,
                  path,
                  text: `# ${text.trim() || fileTitle(path)}\n`,
                },
              ]
            : []),
          ...(close < 0
            ? []
            : [
                {
                  kind: 'edit' as const,
                  title: 'Remove the link and keep its text',
                  edits: [replaceIn(line, at + 1, close + 2, text)],
                },
              ]),
        ],
      },
    ];
  });
}
