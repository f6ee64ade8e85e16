import assert from 'node:assert/strict';
import { allSteps, codes, parsed, partsOf } from './parsed.ts';

const severities = ['| Level | Time |', '|--|--|', '| P0 | 10 min |', '| P1 | 1 h |', '| P2 | 1 day |', ''];
const phase = (number: number, name: string, ...lines: string[]) => [
  `## Phase ${String(number)}: ${name}`,
  ...lines,
  '',
];

describe('phases', () => {
  for (const [language, ...headings] of [
    ['English', 'Phase 1: A (0-5 min)', 'Phase 2: B'],
    ['Finnish', 'Vaihe 1: A (0–5 min)', 'Vaihe 2: B'],
    ['Russian', 'Этап 1. А (0-5 мин)', 'Этап 2. Б'],
    ['Chinese', '第一阶段：检测（0-5 分钟）', '第二阶段：诊断'],
    ['Japanese', 'フェーズ1：検知（0〜5分）', 'フェーズ2：診断'],
    ['Hungarian', '1. fázis: A (0-5 perc)', '2. fázis: B'],
    ['Roman', 'Stage I - A (0 to 5 minutes)', 'Stage II - B'],
    ['numbers and times alone', '1. A (0-5 min)', '2. B (5-10 min)'],
  ] as const)
    it(`are a word repeated with rising numbers: ${language}`, () => {
      const { phases } = parsed(`### ${headings[0]}`, 'x', `### ${headings[1]}`, 'y');
      assert.equal(phases.length, 2);
      assert.deepEqual(phases[0]?.clock, { kind: 'minutes', from: 0, to: 5 });
      assert.deepEqual(
        phases.map(({ number, line }) => [number, line]),
        [
          [1, 1],
          [2, 3],
        ],
      );
    });

  it('are headings named like phases when nothing is numbered', () => {
    const { phases } = parsed('## Triage (0-5 min)', '## Diagnosis', '## Mitigation', '## Post-mortem');
    assert.deepEqual(
      phases.map(({ kind, name }) => [kind, name]),
      [
        ['triage', 'Triage'],
        ['diagnosis', 'Diagnosis'],
        ['mitigation', 'Mitigation'],
        ['post-mortem', 'Post-mortem'],
      ],
    );
  });

  it('are not the numbered sections of any README', () => {
    assert.deepEqual(parsed('## 1. Install', '## 2. Run', '## 3. Test').phases, []);
  });

  it('get their kind from what they hold, else from their order', () => {
    const guide = parsed(
      ...phase(1, 'Alku', 'teksti'),
      ...phase(2, 'Toka', '- Milloin?', '- Missä?'),
      ...phase(3, 'Kolmas', '### Keino A: x', '```sh', 'date', '```', '### Keino B: y'),
      ...phase(4, 'Neljäs', '- [ ] valmis'),
      ...phase(5, 'Viides', '```', '# Otsikko', '## Syy', '[miksi]', '```'),
    );
    assert.deepEqual(
      guide.phases.map(({ kind }) => kind),
      ['triage', 'diagnosis', 'mitigation', 'resolution', 'post-mortem'],
    );
    assert.deepEqual(
      guide.templates.map(({ kind }) => kind),
      ['post-mortem'],
    );
  });

  it('continue the clock when only a length is given, and keep other words', () => {
    const { phases } = parsed(
      ...phase(1, 'A (10 min)'),
      ...phase(2, 'B (20 min)'),
      ...phase(3, 'C (as needed)'),
      ...phase(4, 'D'),
    );
    assert.deepEqual(
      phases.map(({ clock }) => clock),
      [
        { kind: 'minutes', from: 0, to: 10 },
        { kind: 'minutes', from: 10, to: 30 },
        { kind: 'variable', text: 'as needed' },
        { kind: 'none' },
      ],
    );
  });

  it('hold numbered lists as steps done by hand', () => {
    const guide = parsed(
      ...phase(1, 'Triage', '1. Open the bridge', '2. Say who leads'),
      ...phase(2, 'Diagnosis'),
    );
    assert.deepEqual(
      allSteps(guide).map(({ text, command, line }) => [text, command, line]),
      [
        ['Open the bridge', undefined, 2],
        ['Say who leads', undefined, 3],
      ],
    );
  });

  it('get what stands outside of them but is theirs', () => {
    const guide = parsed(
      ...severities,
      ...phase(1, 'Triage'),
      ...phase(2, 'Diagnosis'),
      ...phase(3, 'Mitigation'),
      ...phase(4, 'Resolution'),
      '## Who is called',
      '| Level | Escalate to |',
      '|--|--|',
      '| P0 | Ana + Bo |',
      '',
      '<!-- incident: checklist -->',
      '## Before we close',
      '- Quiet',
      '- Tested',
    );
    assert.deepEqual(
      guide.phases.flatMap(({ kind, parts }) => parts.map((part) => [kind, part.kind])),
      [
        ['triage', 'escalation'],
        ['resolution', 'checklist'],
      ],
    );
  });
});

describe('severities', () => {
  it('are a table of identifiers and times, whatever its header says', () => {
    const guide = parsed(
      '| ? | ! | … |',
      '|--|--|--|',
      '| **S1** | dead | within 5 min |',
      '| **S2** | slow | 1 h 30 min |',
    );
    assert.deepEqual(
      guide.severities.map(({ name, description, responseMinutes, responseText, line }) => [
        name,
        description,
        responseMinutes,
        responseText,
        line,
      ]),
      [
        ['S1', 'dead', 5, 'within 5 min', 3],
        ['S2', 'slow', 90, '1 h 30 min', 4],
      ],
    );
  });

  it('may be words when the header says severity', () => {
    const guide = parsed('| Severity | Response |', '|--|--|', '| Critical | 5 min |', '| Low | next day |');
    assert.deepEqual(
      guide.severities.map(({ name, responseMinutes }) => [name, responseMinutes]),
      [
        ['Critical', 5],
        ['Low', undefined],
      ],
    );
    assert.deepEqual(codes(guide), ['severity-time-unread']);
  });

  it('are told once each', () => {
    const guide = parsed('| Sev | Time |', '|--|--|', '| P0 | 5 min |', '| P1 | 9 min |', '| P0 | 7 min |');
    assert.deepEqual(
      guide.severities.map(({ name }) => name),
      ['P0', 'P1'],
    );
    assert.deepEqual(codes(guide), ['severity-duplicate']);
  });

  it('are not the escalation table, which may stand first', () => {
    const guide = parsed(
      '| Sev | Escalate to | After |',
      '|--|--|--|',
      '| P0 | Ana and Bo | 5 min |',
      '| P1 | Cy | 9 min |',
      '',
      ...severities,
    );
    assert.deepEqual(
      guide.severities.map(({ responseMinutes }) => responseMinutes),
      [10, 60, 1440],
    );
    assert.deepEqual(
      guide.escalations.map(({ severity, roles }) => [severity, ...roles]),
      [
        ['P0', 'Ana', 'Bo'],
        ['P1', 'Cy'],
      ],
    );
  });

  it('are found in prose in every way people write them', () => {
    const reading = (text: string) => {
      const guide = parsed(
        ...severities,
        '| P3 | 2 days |',
        ...phase(1, 'Triage', `- Page (${text})`),
        ...phase(2, 'Diagnosis'),
      );
      return partsOf(guide, 'reading')[0]?.items[0]?.severities.join();
    };
    assert.equal(reading('P0/P1'), 'P0,P1');
    assert.equal(reading('P0/1 only'), 'P0,P1');
    assert.equal(reading('P0-P2'), 'P0,P1,P2');
    assert.equal(reading('P1+'), 'P0,P1');
    assert.equal(reading('if p1'), 'P1');
    assert.equal(reading('P12, HTTP2'), '');
  });
});

describe('deadlines and cadence', () => {
  const postMortem = (...lines: string[]) =>
    parsed(...severities, ...phase(1, 'Triage'), ...phase(5, 'Post-mortem', ...lines));

  it('have hours, severities and whether they are for recurring incidents', () => {
    const guide = postMortem(
      'For P0 and recurring P1:',
      '',
      '- Within 2 days for P0',
      '- Within one week for P1',
      '- Write well',
    );
    assert.deepEqual(
      guide.deadlines.map(({ hours, severities: names, recurring }) => [hours, names.join(), recurring]),
      [
        [48, 'P0', false],
        [168, 'P1', true],
      ],
    );
    assert.deepEqual(
      partsOf(guide, 'reading').flatMap(({ items }) => items.map(({ text }) => text)),
      ['Write well'],
    );
  });

  it('may be for every severity', () => {
    assert.deepEqual(postMortem('- Within 5 days').deadlines[0]?.severities, []);
  });

  it('take the rhythm from the sentence above the message, in any language', () => {
    const guide = parsed(
      ...severities,
      ...phase(1, 'Triage'),
      ...phase(2, 'Diagnosis', 'Päivitä kanavaa 20 min välein:', '```', 'Tila: [tila]', '```'),
    );
    assert.equal(guide.cadence?.everyMinutes, 20);
    assert.deepEqual(
      guide.templates.map(({ kind }) => kind),
      ['update'],
    );
  });

  it('take no rhythm from elsewhere', () => {
    assert.equal(parsed('The probe runs every 5 minutes.').cadence, undefined);
  });
});
