import assert from 'node:assert/strict';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';

const fence = (command: string) => `\`\`\`sh\n${command}\n\`\`\`\n`;
const read = (text: string) => {
  const { runbooks, phases, problems } = parseGuide(text, { file: 'guide.md' });
  const steps = [
    ...runbooks.flatMap((runbook) => runbook.steps),
    ...phases.flatMap(({ parts }) => parts.flatMap((part) => ('steps' in part ? part.steps : []))),
  ];
  return {
    inputs: (command: string) =>
      steps
        .find((step) => step.command?.includes(command))
        ?.document?.inputs?.map((input) => [input.name, input.kind, input.description]),
    first: steps[0]?.document?.inputs?.[0],
    problems: problems
      .filter(({ code }) => /^(?:input|marker)-/.test(code))
      .map(({ line, code, message }) => [line, code, message] as const),
  };
};

const two = (under: string, above = '', head = '') => `${head}# Guide

## Runbooks
${above}
### Scale
${under}
${fence('kubectl scale deploy api --replicas=<replicas>')}
#### Then look

${fence('kubectl get pods -l app=<service>')}
### Restart

${fence('kubectl rollout restart deploy/<service> --timeout=<replicas>')}`;

describe('an input in a comment', () => {
  it('has the keys that the frontmatter has, in quotes where there are spaces', () => {
    const { first, problems } = read(
      two(
        '<!-- incident: input name=replicas kind=number min=1 max=20 default=6 required=true\n' +
          '     description="How many pods: the nodes hold 20" -->',
      ),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(first, {
      name: 'replicas',
      kind: 'number',
      description: 'How many pods: the nodes hold 20',
      default: '6',
      options: [],
      pattern: undefined,
      min: 1,
      max: 20,
      required: true,
      line: 6,
    });
  });

  it('has its options in one text', () => {
    assert.deepEqual(read(two(`<!-- incident: input name=replicas options="2, 4, '8'" -->`)).first?.options, [
      '2',
      '4',
      '8',
    ]);
  });

  it('is for the whole runbook it stands in, and for no other', () => {
    const { inputs } = read(two('<!-- incident: input name=service kind=deployment -->'));
    assert.deepEqual(inputs('get pods'), [['service', 'deployment', undefined]]);
    assert.equal(inputs('rollout'), undefined);
  });

  it('is for the whole runbook too where it stands in a part of it', () => {
    const text = two('').replace(
      '#### Then look\n',
      (part) => `${part}\n<!-- incident: input name=replicas kind=number -->\n`,
    );
    assert.deepEqual(read(text).inputs('scale deploy'), [['replicas', 'number', undefined]]);
    assert.equal(read(text).inputs('rollout'), undefined);
  });

  it('is for all runbooks below the heading it stands under', () => {
    const { inputs } = read(two('', '<!-- incident: input name=service kind=app -->'));
    for (const command of ['get pods', 'rollout'])
      assert.deepEqual(inputs(command), [['service', 'app', undefined]]);
  });

  it('beats the frontmatter and what stands farther out, for its runbook alone', () => {
    const head = '---\ninputs:\n  - name: service\n    description: file\n  - name: replicas\n---\n';
    const { inputs, problems } = read(
      two(
        '<!-- incident: input name=service description=near -->',
        '<!-- incident: input name=service description=far -->',
        head,
      ),
    );
    assert.deepEqual(inputs('get pods'), [
      ['service', undefined, 'near'],
      ['replicas', undefined, undefined],
    ]);
    assert.deepEqual(inputs('rollout'), [
      ['service', undefined, 'far'],
      ['replicas', undefined, undefined],
    ]);
    assert.deepEqual(problems, []);
  });

  it('is for the steps of a phase too, and may stand behind the heading', () => {
    const { inputs } = read(
      '# G\n\n### Phase 3: Mitigation\n\n#### Option A: Scale <!-- incident: input name=n kind=number -->\n\n' +
        fence('kubectl scale deploy api --replicas=<n>') +
        '\n#### Option B: Restart\n\n' +
        fence('kubectl rollout restart deploy/<n>'),
    );
    assert.deepEqual(inputs('scale'), [['n', 'number', undefined]]);
    assert.equal(inputs('restart'), undefined);
  });

  it('above every heading is for the whole file', () => {
    const { inputs } = read(two('', '', '<!-- incident: input name=service kind=service -->\n'));
    assert.deepEqual(inputs('rollout'), [['service', 'service', undefined]]);
  });

  it('never names the table or the fence below it', () => {
    const table = '| P | What |\n|---|---|\n| a | b |\n';
    const { problems } = read(
      `# G\n\n## Runbooks\n\n### A\n\n<!-- incident: input name=pod -->\n\n${table}\n${fence('kubectl logs <pod>')}`,
    );
    assert.deepEqual(problems, []);
  });

  for (const [what, comment, code, sentence] of [
    ['no name', 'input kind=number', 'input-invalid', /has no name/],
    ['a kind that is none', 'input name=replicas kind=colour', 'input-invalid', /“colour” is no kind/],
    ['a key that is none', 'input name=replicas hint=x', 'input-invalid', /“hint” is nothing an input has/],
    ['a key without a value', 'input name=replicas kind', 'input-unreadable', /“kind” has no value/],
    ['options without quotes', 'input name=replicas options=2,4', 'input-unreadable', /“4” has no value/],
    ['what is no key at all', 'input name=replicas "many"', 'input-unreadable', /from “"many"” on/],
    ['a choice without options', 'input name=replicas kind=choice', 'input-invalid', /needs options/],
    [
      'neither true nor false',
      'input name=replicas required=maybe',
      'input-invalid',
      /neither true nor false/,
    ],
    ['a name that no step has', 'input name=replcias', 'input-unused', /has the placeholder “replcias”/],
    [
      'a second one',
      'input name=replicas --><!-- incident: input name=Replicas',
      'input-duplicate',
      /already/,
    ],
    ['another word', 'inputs name=replicas', 'marker-unknown', /“incident: inputs” is no marker/],
  ] as const)
    it(`tells ${what}, with its line and a sentence`, () => {
      const { problems } = read(two(`<!-- incident: ${comment} -->`));
      assert.deepEqual(
        problems.map(([line, found]) => [line, found]),
        [[6, code]],
      );
      assert.match(problems[0]?.[2] ?? '', sentence);
    });

  it('is required where it is a secret, whatever it says', () => {
    const { first, problems } = read(
      two('<!-- incident: input name=replicas kind=secret required=false -->'),
    );
    assert.equal(first?.required, true);
    assert.match(problems[0]?.[2] ?? '', /is a secret/);
  });
});
