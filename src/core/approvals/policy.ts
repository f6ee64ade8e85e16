import type { Risk } from '../plan/plan.ts';
import { sameWords } from '../people/sameWords.ts';
import { joinNeeds, parseNeeds, type Need, type ReadNeeds } from './needs.ts';

/** Whether the one who asks may go on alone, with a typed reason: for nothing, for changes, or for everything. */
export type SelfApproval = 'never' | 'change' | 'always';

/** What the settings say of approvals. */
export interface ApprovalPolicy {
  readonly floor: readonly FloorRule[];
  readonly self: SelfApproval;
  /** How long a request is open, and then again how long an approval is good for. Minutes. */
  readonly minutes: number;
  /** Why the settings cannot be read, as a sentence: until they can, nothing but reads runs. */
  readonly problem: string | undefined;
}

interface FloorRule {
  readonly risk: 'change' | 'destructive';
  /** Undefined: all of them. */
  readonly severity: string | undefined;
  readonly needs: readonly Need[];
}

export const noPolicy: ApprovalPolicy = { floor: [], self: 'always', minutes: 30, problem: undefined };

const strictness: readonly SelfApproval[] = ['always', 'change', 'never'];
const ruleName = /^(change|destructive)(?:\s+(\S.*))?$/i;

/** The same settings as each level (user, workspace, folder) has them; undefined where one says nothing. */
export interface PolicyLevel {
  readonly floor?: unknown;
  readonly self?: unknown;
}

/**
 * Reads the policy of all levels together, the strictest of each counting: a workspace can raise what the person has
 * set, never lower it. Never throws; a rule that cannot be read is a problem, and no silent "no approval".
 */
export function parsePolicy(levels: readonly PolicyLevel[], minutes: unknown): ApprovalPolicy {
  const problems: string[] = [];
  const floor = levels.flatMap((level) => parseFloor(level.floor, problems));
  const self = levels.reduce<SelfApproval>((strictest, level) => {
    if (level.self === undefined) return strictest;
    const at = strictness.findIndex((one) => one === level.self);
    if (at < 0) {
      problems.push('incident.approvals.self is none of always, change and never.');
      return 'never';
    }
    return strictness[Math.max(at, strictness.indexOf(strictest))] ?? 'never';
  }, 'always');
  return {
    floor,
    self,
    minutes: typeof minutes === 'number' && minutes >= 1 && minutes <= 1_440 ? Math.round(minutes) : 30,
    problem: problems[0],
  };
}

function parseFloor(value: unknown, problems: string[]): FloorRule[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push('incident.approvals.floor is no list of risks with who has to approve them.');
    return [];
  }
  return Object.entries(value).flatMap(([key, wanted]: [string, unknown]) => {
    const [, risk, severity] = ruleName.exec(key.trim()) ?? [];
    const read = typeof wanted === 'string' ? parseNeeds(wanted) : undefined;
    if (risk === undefined)
      problems.push(
        `incident.approvals.floor has “${key.slice(0, 60)}”, which is no risk: write change or destructive, with a severity behind it where it is for one alone.`,
      );
    else if (!read || read.problem !== undefined)
      problems.push(
        `incident.approvals.floor: ${read?.problem ?? `what stands behind “${key.slice(0, 60)}” is no text.`}`,
      );
    if (risk === undefined || !read) return [];
    const least = risk.toLowerCase() === 'change' ? 'change' : 'destructive';
    return [{ risk: least, severity, needs: read.needs }] as const;
  });
}

/**
 * Who has to agree before a plan of this risk runs in an incident of this severity: the floor of the settings, and what
 * the guide's `ir.approve` adds to it. A rule for changes holds for what is destructive too.
 */
export function needsFor(
  policy: ApprovalPolicy,
  risk: Risk,
  severity: string,
  attribute: string | undefined,
): ReadNeeds {
  const floor = policy.floor.filter(
    (rule) =>
      risk !== 'read' &&
      (rule.risk === 'change' || risk === 'destructive') &&
      (rule.severity === undefined || sameWords(rule.severity, severity)),
  );
  const guide = attribute === undefined ? undefined : parseNeeds(attribute);
  return {
    needs: joinNeeds([...floor.flatMap(({ needs }) => needs), ...(guide?.needs ?? [])]),
    problem: guide?.problem,
  };
}

/** Whether a typed reason may stand for the second person. */
export const mayApproveOneself = ({ self }: ApprovalPolicy, risk: Risk): boolean =>
  self === 'always' || (self === 'change' && risk !== 'destructive');
