import type { Problem, ProblemSeverity } from './guide.ts';

/** Where a reader of one part of the guide says what it could not read. */
export type Report = (line: number, code: string, severity: ProblemSeverity, message: string) => void;

/** One code repeated thousands of times helps nobody: the rest is counted in one last line. */
const MOST_PER_CODE = 100;

export interface Problems {
  readonly report: Report;
  /** All problems by line. */
  list(): Problem[];
}

export function createProblems(): Problems {
  const problems: Problem[] = [];
  const counts = new Map<string, { count: number; last: Problem }>();
  const report: Report = (line, code, severity, message) => {
    const problem = { line, code, severity, message };
    const count = (counts.get(code)?.count ?? 0) + 1;
    counts.set(code, { count, last: problem });
    if (count <= MOST_PER_CODE) problems.push(problem);
  };
  const list = () => {
    const more = [...counts.values()]
      .filter(({ count }) => count > MOST_PER_CODE)
      .map(({ count, last }) => ({
        ...last,
        message: `${last.message} (${String(count - MOST_PER_CODE)} more like this are not listed.)`,
      }));
    return [...problems, ...more].sort((a, b) => a.line - b.line);
  };
  return { report, list };
}
