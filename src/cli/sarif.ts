import type { ProblemSeverity } from '../core/guide/guide.ts';
import type { TextRange } from '../core/lint/textEdit.ts';
import type { Finding } from './annotations.ts';

const levelOf: Readonly<Record<ProblemSeverity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

const home = 'https://github.com/incident-response/incident-response';

/** Each part of a path as part of a URI reference; a colon in the first would read as a scheme (RFC 3986, 4.2). */
const uriOf = (file: string): string =>
  file
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');

const severities: readonly ProblemSeverity[] = ['error', 'warning', 'info'];

/**
 * Findings as a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as GitHub's code
 * scanning takes it. Paths are relative to `%SRCROOT%`, so that the reader decides where that is; what stands outside
 * it has none.
 */
export function sarifOf(findings: readonly Finding[]) {
  const ids = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'incident-guide',
            informationUri: home,
            rules: ids.map((id) => ruleOf(id, findings)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ file, line, range, code, severity, message }) => ({
          ruleId: code,
          ruleIndex: ids.indexOf(code),
          level: levelOf[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: /^(?:\/|[A-Za-z]:\/)/.test(file)
                  ? { uri: `file://${file.startsWith('/') ? '' : '/'}${uriOf(file)}` }
                  : { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
                region: regionOf(line, range),
              },
            },
          ],
        })),
      },
    ],
  };
}

const regionOf = (line: number, range: TextRange | undefined) =>
  range
    ? {
        startLine: range.line,
        startColumn: range.column,
        endLine: range.endLine,
        endColumn: range.endColumn,
      }
    : { startLine: Math.max(1, line) };

function ruleOf(id: string, findings: readonly Finding[]) {
  const worst = severities.find((severity) =>
    findings.some((each) => each.code === id && each.severity === severity),
  );
  return {
    id,
    shortDescription: { text: titleOf(id) },
    defaultConfiguration: { level: levelOf[worst ?? 'warning'] },
    helpUri: `${home}/blob/main/docs/testing-runbooks.md`,
  };
}

/** `logs-selector-tail` → `Logs selector tail`: what the rule is called where only its name is shown. */
const titleOf = (id: string): string => {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
