import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Guide, PhasePart, Step } from '../../../../src/core/guide/guide.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';

const root = path.join(import.meta.dirname, '../../../..');
const golden = path.join(root, 'test/golden/guides');
const read = (file: string): Guide =>
  parseGuide(readFileSync(path.join(root, file), 'utf8'), { file: path.basename(file) });

const guides = {
  'default-guide': 'media/default-guide.md',
  leitfaden: 'test/golden/guides/leitfaden.md',
  'leitfaden-marked': 'test/golden/guides/leitfaden-marked.md',
  'alert-runbook': 'media/sample/runbooks/PaymentServiceCrashLooping.md',
};

describe('a whole guide', () => {
  for (const [name, file] of Object.entries(guides))
    it(`is read as before: ${file}`, () => {
      const expected = path.join(golden, `${name}.json`);
      const text = `${JSON.stringify(read(file), undefined, 2)}\n`;
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(expected, text);
      assert.equal(text, readFileSync(expected, 'utf8'), `UPDATE_GOLDEN=1 rewrites ${name}.json`);
    });

  for (const file of Object.values(guides))
    it(`gives every item an id of its own: ${file}`, () => {
      const seen = idsOf(read(file));
      assert.deepEqual([...new Set(seen)], seen);
    });

  it('gives the same structure in another language, by structure alone and by markers', () => {
    const [plain, marked] = [structure(read(guides.leitfaden)), structure(read(guides['leitfaden-marked']))];
    assert.deepEqual(plain, marked);
    assert.deepEqual(plain.severities, ['P0 10', 'P1 60', 'P2 240', 'P3 2880']);
    assert.deepEqual(plain.deadlines, ['24 h P0,P1 false', '336 h P2 true']);
    assert.deepEqual(
      plain.phases.map(({ kind }) => kind),
      ['triage', 'diagnosis', 'mitigation', 'resolution', 'post-mortem'],
    );
  });

  it('gives the customer’s structure with the default guide', () => {
    const { severities, phases, deadlines, cadence, templates, runbooks } = structure(
      read(guides['default-guide']),
    );
    assert.deepEqual(severities, ['SEV1 15', 'SEV2 30', 'SEV3 120', 'SEV4 1440']);
    assert.deepEqual(
      phases.map(({ clock }) => clock),
      [
        { kind: 'minutes', from: 0, to: 15 },
        { kind: 'minutes', from: 15, to: 45 },
        { kind: 'variable', text: 'variable' },
        { kind: 'none' },
        { kind: 'none' },
      ],
    );
    const parts = phases.flatMap((phase) => phase.parts);
    assert.deepEqual(
      parts.filter((part) => part.startsWith('option')).map((part) => part.slice(0, 8)),
      ['option A', 'option B', 'option C', 'option D'],
    );
    for (const part of [
      'questions 5',
      'checklist 4',
      'escalation',
      'act incident create',
      'act statuspage update',
    ])
      assert.ok(parts.includes(part), part);
    assert.deepEqual(deadlines, ['48 h SEV1,SEV2 false', '168 h SEV3 true']);
    assert.equal(cadence, 15);
    assert.deepEqual(templates, ['update', 'resolution', 'post-mortem']);
    assert.deepEqual(
      runbooks.map(({ title, commands }) => [title, commands.length]),
      [
        ['Service Unavailable (503)', 4],
        ['High Latency', 4],
        ['High Error Rate', 3],
        ['Database Unavailable', 3],
      ],
    );
  });
});

const commands = (steps: readonly Step[]) =>
  steps.map(({ text, condition, command }) => [command ?? text, condition ?? '']);

function partText(part: PhasePart): string {
  switch (part.kind) {
    case 'questions':
      return `questions ${String(part.questions.length)}`;
    case 'checklist':
      return `checklist ${String(part.items.length)}`;
    case 'option':
      return `option ${part.label} ${String(part.condition)} ${JSON.stringify(commands(part.steps))}`;
    case 'steps':
      return `steps ${JSON.stringify(commands(part.steps))}`;
    case 'act':
      return `act ${part.act.name} ${part.act.verb}`;
    case 'reading':
      return `reading ${part.items.map(({ severities }) => severities.join()).join(';')}`;
    case 'template':
      return `template ${part.template.kind}`;
    case 'deadlines':
    case 'escalation':
      return part.kind;
  }
}

/** What a guide means, without its wording, its headings and its order of sections. */
const structure = (guide: Guide) => ({
  severities: guide.severities.map(({ name, responseMinutes }) => `${name} ${String(responseMinutes)}`),
  escalations: guide.escalations.map(({ severity, roles }) => [severity, ...roles]),
  phases: guide.phases.map(({ kind, number, clock, parts }) => ({
    kind,
    number,
    clock,
    parts: parts.map(partText),
  })),
  deadlines: guide.deadlines.map(
    ({ hours, severities, recurring }) => `${String(hours)} h ${severities.join()} ${String(recurring)}`,
  ),
  cadence: guide.cadence?.everyMinutes,
  templates: guide.templates.map(({ kind }) => kind),
  runbooks: guide.runbooks.map(({ title, steps }) => ({ title, commands: commands(steps) })),
  contacts: guide.contacts.map(({ role, name, contact, placeholder }) => [role, name, contact, placeholder]),
  links: guide.links.map(({ resolved }) => resolved),
  errors: guide.problems.filter(({ severity }) => severity !== 'info'),
});

const idsOf = (guide: Guide): string[] => [
  ...guide.runbooks.flatMap(({ id, steps }) => [id, ...steps.map((step) => step.id)]),
  ...guide.templates.map(({ id }) => id),
  ...guide.phases.flatMap(({ id, parts }) => [
    id,
    ...parts.flatMap((part) => {
      if (part.kind === 'questions') return [part.id, ...part.questions.map((item) => item.id)];
      if (part.kind === 'checklist') return [part.id, ...part.items.map((item) => item.id)];
      if (part.kind === 'steps' || part.kind === 'option')
        return [part.id, ...part.steps.map((step) => step.id)];
      return part.kind === 'act' ? [part.id, part.act.id] : [part.id];
    }),
  ]),
];
