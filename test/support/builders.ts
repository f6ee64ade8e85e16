import type {
  ChecklistItem,
  Guide,
  Phase,
  PhasePart,
  Question,
  Step,
  Template,
} from '../../src/core/guide/guide.ts';
import type {
  AnyEvent,
  Envelope,
  EventData,
  EventType,
  Fact,
  UnknownEvent,
} from '../../src/core/incident/events.ts';
import { replay } from '../../src/core/incident/evolve.ts';
import type { Incident } from '../../src/core/incident/incident.ts';

/** When every built incident is declared. */
export const declareTime = '2026-11-23T10:30:00.000Z';

/** A time after the declare: `after(5)` is five minutes later, `after(0, 30)` thirty seconds. */
export const after = (minutes: number, seconds = 0): string =>
  new Date(Date.parse(declareTime) + (minutes * 60 + seconds) * 1000).toISOString();

export const fact = <T extends EventType>(type: T, data: EventData[T]): Fact => ({ type, data }) as Fact;

export const declared = (data: Partial<EventData['IncidentDeclared']> = {}): Fact =>
  fact('IncidentDeclared', {
    number: '2026-11-23-0001',
    title: 'Payments failing',
    severity: 'SEV2',
    service: 'payment-service',
    target: { context: 'sim', namespace: 'production' },
    guide: { file: 'guide.md' },
    ...data,
  });

export const acknowledged = (): Fact => fact('IncidentAcknowledged', {});
export const entered = (phase: string, name = phase): Fact => fact('PhaseEntered', { phase, name });
export const resolved = (data: Partial<EventData['IncidentResolved']> = {}): Fact =>
  fact('IncidentResolved', { heads: {}, ...data });
export const reopened = (): Fact => fact('IncidentReopened', {});
export const noted = (text: string): Fact => fact('NoteAdded', { text });
export const answered = (question: string, questionText: string, text: string): Fact =>
  fact('NoteAdded', { text, question, questionText });
export const updated = (number: number, text = 'Still looking'): Fact =>
  fact('UpdatePosted', { number, text });
export const ticked = (item: string, text = item): Fact => fact('ChecklistItemTicked', { item, text });
export const itemDone = (item: string, text = item): Fact => fact('GuideItemDone', { item, text });
export const stepDone = (id: string, note?: string): Fact =>
  fact('StepDone', { step: id, sequence: 'any', text: id, ...(note === undefined ? {} : { note }) });

export const runStarted = (data: Partial<EventData['RunStarted']> = {}): Fact =>
  fact('RunStarted', {
    run: 'run-1',
    step: 'get-pods',
    sequence: 'collect',
    text: 'Check pods',
    kind: 'kubernetes',
    command: 'kubectl --context sim get pods -n production',
    original: 'kubectl get pods -n production',
    target: { context: 'sim', namespace: 'production' },
    risk: 'read',
    confirmed: false,
    ...data,
  });

export const runEnded = (data: Partial<EventData['RunEnded']> = {}): Fact =>
  fact('RunEnded', {
    run: 'run-1',
    outcome: { kind: 'succeeded', detail: '3 pods' },
    durationMs: 120,
    ...data,
  });

/** One fact in its envelope. `n` places it: its id, its clock and, unless told, its minute after the declare. */
export function anEvent(what: Fact, n = 1, envelope: Partial<Envelope> = {}): AnyEvent {
  return { ...envelopeOf(n), ...envelope, ...what };
}

export const anUnknownEvent = (n = 1, type = 'SignalLinked'): UnknownEvent => ({
  ...envelopeOf(n),
  type,
  version: 7,
  data: { anything: true },
  unknown: true,
});

const envelopeOf = (n: number): Envelope => ({
  id: `event-${String(n).padStart(5, '0')}`,
  incident: '01JDINCIDENT',
  writer: 'writer-a',
  n,
  clock: String(n).padStart(12, '0'),
  time: after(n - 1),
  by: 'Ana',
  version: 1,
  prev: '',
});

/** Facts as a journal: one minute apart, the first at the declare. A pair gives a fact its own time. */
export const journalOf = (...facts: readonly (Fact | readonly [at: string, fact: Fact])[]): AnyEvent[] =>
  facts.map((one, index) =>
    'type' in one ? anEvent(one, index + 1) : anEvent(one[1], index + 1, { time: one[0] }),
  );

/** The incident these facts make; the first one must be a declare. */
export function incidentOf(...facts: readonly (Fact | readonly [at: string, fact: Fact])[]): Incident {
  const incident = replay(journalOf(...facts));
  if (!incident) throw new Error('These facts declare no incident.');
  return incident;
}

export const step = (id: string, more: Partial<Step> = {}): Step => ({
  id,
  number: 1,
  text: id,
  condition: undefined,
  command: `kubectl get ${id}`,
  details: [],
  language: 'bash',
  line: 1,
  endLine: 1,
  attributes: {},
  ...more,
});

const question = (id: string, text: string): Question => ({ id, text, line: 1 });
const item = (id: string, text: string): ChecklistItem => ({ id, text, line: 1 });
export const template = (kind: Template['kind'], text: string, id: string = kind): Template => ({
  id,
  kind,
  title: `The ${kind} message`,
  text,
  line: 1,
});
type Unplaced<P> = P extends PhasePart ? Omit<P, 'line'> : never;
const part = (one: Unplaced<PhasePart>): PhasePart => ({ line: 1, ...one });

export const updateTemplate = template(
  'update',
  [
    '**Update [10:30]**',
    '- Status: Investigating',
    '- Hypothesis: Possible problem in payment-service after deploy',
    '- Next steps: Checking logs and metrics',
    '- ETA for resolution: Still undetermined',
  ].join('\n'),
);

export const resolutionTemplate = template(
  'resolution',
  [
    '**Incident Resolved [11:15]**',
    '- Cause: Deploy with bug in payment-service',
    '- Resolution: Rollback to previous version',
    '- Duration: 45 minutes',
    '- Impact: ~5% of payment transactions failed',
  ].join('\n'),
);

export const postMortemTemplate = template(
  'post-mortem',
  `# Post-Mortem: [Incident Title]

## Summary
[Brief incident description]

## Timeline
- [HH:MM] Event
- [HH:MM] Incident resolved

## Impact
- Duration: X minutes/hours
- Users affected: X%
- Lost transactions: X

## Root Cause
[Detailed technical analysis]

## Resolution
[What was done to resolve]

## Lessons Learned
- What worked well
- Where we got lucky

## Action Items
- [ ] [Action] - [Owner] - [Deadline]
`,
);

const phase = (id: string, kind: Phase['kind'], number: number, more: Partial<Phase>): Phase => ({
  id,
  kind,
  name: id[0]!.toUpperCase() + id.slice(1),
  number,
  clock: { kind: 'none' },
  line: number * 10,
  parts: [],
  ...more,
});

const reading = (text: string, ...severities: string[]) => ({ text, severities, line: 1 });
const act = (name: string, verb: string) => ({
  id: `${name}-${verb}`,
  text: `/${name} ${verb} "Words"`,
  name,
  verb,
  args: ['Words'],
  flags: {},
  line: 1,
});

/** A small guide with one of everything: the shape of a real one. */
export function aGuide(more: Partial<Guide> = {}): Guide {
  const deadlines = [
    {
      hours: 48,
      severities: ['SEV1', 'SEV2'],
      recurring: false,
      text: 'Within 48 hours for SEV1/SEV2',
      line: 90,
    },
    { hours: 168, severities: ['SEV3'], recurring: true, text: 'Within 1 week for SEV3', line: 91 },
  ];
  return {
    file: 'guide.md',
    title: 'Incident Response',
    frontmatter: {},
    severities: [
      {
        name: 'SEV1',
        description: 'Down',
        responseMinutes: 15,
        responseText: '15 minutes',
        examples: '',
        line: 1,
      },
      {
        name: 'SEV2',
        description: 'Hurt',
        responseMinutes: 30,
        responseText: '30 minutes',
        examples: '',
        line: 2,
      },
      {
        name: 'SEV3',
        description: 'Slow',
        responseMinutes: undefined,
        responseText: '',
        examples: '',
        line: 3,
      },
    ],
    escalations: [
      { severity: 'SEV1', escalateTo: 'Tech Lead + CTO', roles: ['Tech Lead', 'CTO'], line: 5 },
      { severity: 'SEV2', escalateTo: 'Tech Lead', roles: ['Tech Lead'], line: 6 },
    ],
    phases: [
      phase('triage', 'triage', 1, {
        clock: { kind: 'minutes', from: 0, to: 15 },
        parts: [
          part({ kind: 'act', id: 'create', title: 'Create channel', act: act('incident', 'create') }),
          part({
            kind: 'reading',
            id: 'creates',
            title: 'Creates',
            items: [reading('A channel'), reading('Status page', 'SEV1')],
          }),
          part({ kind: 'escalation', id: 'escalate', title: 'Escalate if Necessary' }),
        ],
      }),
      phase('diagnosis', 'diagnosis', 2, {
        clock: { kind: 'minutes', from: 15, to: 45 },
        parts: [
          part({
            kind: 'steps',
            id: 'collect',
            title: 'Collect Information',
            steps: [
              step('get-pods', { text: 'Check pods' }),
              step('grafana', {
                number: 2,
                text: 'Look at Grafana',
                command: undefined,
                details: ['Grafana > Health'],
              }),
            ],
          }),
          part({
            kind: 'questions',
            id: 'questions',
            title: 'Key questions',
            questions: [
              question('q-when', 'When did it start?'),
              question('q-deploy', 'Was there a deploy?'),
            ],
          }),
          part({ kind: 'template', id: 'update-part', title: 'Communicate', template: updateTemplate }),
        ],
      }),
      phase('mitigation', 'mitigation', 3, {
        clock: { kind: 'variable', text: 'Variable' },
        parts: [
          part({
            kind: 'option',
            id: 'option-a',
            title: 'Rollback Deploy',
            label: 'A',
            condition: 'If problem started after deploy',
            steps: [step('rollback', { command: 'argocd app rollback payments' })],
          }),
          part({
            kind: 'option',
            id: 'option-b',
            title: 'Scale Resources',
            label: 'B',
            condition: 'If problem is capacity-related',
            steps: [step('scale', { command: 'kubectl scale deployment payment-service --replicas=10' })],
          }),
        ],
      }),
      phase('resolution', 'resolution', 4, {
        parts: [
          part({
            kind: 'checklist',
            id: 'confirm',
            title: 'Confirm Resolution',
            items: [item('metrics', 'Metrics are normal'), item('logs', 'Logs show no errors')],
          }),
          part({ kind: 'template', id: 'message-part', title: 'Communicate', template: resolutionTemplate }),
          part({ kind: 'act', id: 'statuspage', title: 'Status page', act: act('statuspage', 'update') }),
        ],
      }),
      phase('post-mortem', 'post-mortem', 5, {
        parts: [
          part({ kind: 'deadlines', id: 'deadlines', title: 'Schedule', deadlines }),
          part({ kind: 'template', id: 'pm-part', title: 'Template', template: postMortemTemplate }),
        ],
      }),
    ],
    runbooks: [
      {
        id: 'service-unavailable',
        title: 'Service Unavailable (503)',
        line: 100,
        source: 'section',
        about: '',
        steps: [
          step('rb-pods', { text: 'Check pods' }),
          step('rb-logs', { number: 2, text: 'Look at logs' }),
        ],
      },
    ],
    contacts: [
      { role: 'On-call DBA', name: '[Name]', contact: '[Phone]', placeholder: true, line: 120 },
      { role: 'Security', name: 'Sam', contact: '#security', placeholder: false, line: 121 },
    ],
    links: [
      { text: 'Scaling Guide', href: 'scaling-guide.md', resolved: 'docs/scaling-guide.md', line: 130 },
      { text: 'Scaling', href: 'scaling-guide.md', resolved: 'docs/scaling-guide.md', line: 131 },
    ],
    deadlines,
    cadence: { everyMinutes: 15, line: 40 },
    templates: [updateTemplate, resolutionTemplate, postMortemTemplate],
    problems: [],
    ...more,
  };
}

/** A scale from 3 to 10, accepted by the API, with the restore that takes it back. */
export const changeMade = (data: Partial<EventData['ChangeMade']> = {}): Fact =>
  fact('ChangeMade', {
    run: 'run-1',
    changes: ['deployment/payment-service spec.replicas 3 → 10'],
    undo: {
      title: 'Scale deployment/payment-service back from 10 to 3',
      preview: 'kubectl scale deployment/payment-service --replicas=3 -n production --context sim',
      target: { context: 'sim', namespace: 'production' },
      act: {
        kind: 'kubernetes',
        action: {
          verb: 'restore',
          resource: { kind: 'deployment', name: 'payment-service' },
          subresource: 'scale',
          fields: [{ pointer: '/spec/replicas', before: '3', after: '10' }],
        },
      },
    },
    ...data,
  });
