import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stepSequences } from '../../../../src/core/guide/stepSequences.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { isOfTheGuide } from '../../../../src/core/lint/lintSteps.ts';
import { mayHaveTraps } from '../../../../src/core/lint/mayHaveTraps.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { step } from '../../../support/builders.ts';
import { manyGuides } from '../../../support/manyGuides.ts';

const trapsOf = (command: string, language = 'bash'): readonly string[] =>
  planStep(step('s.1', { command, language }), {
    target: {},
    values: {},
    readOnlyPrefixes: [],
  })
    .traps.map(({ code }) => code)
    .filter(isOfTheGuide);

const isHonest = (command: string, language?: string): void => {
  if (!mayHaveTraps(command)) assert.deepEqual(trapsOf(command, language), [], command);
};

describe('a command that a check does not plan', () => {
  const word = fc.constantFrom(
    ...(
      'kubectl k oc helm argocd aws curl get pods describe logs exec scale patch rollout restart status undo delete apply ' +
      'top deployment/web web -l app=x --selector=app=x -n shop --namespace shop -nshop --namespace= -A -it -i -t -f -fl ' +
      '--tail=5 --replicas=2 --since=1h -c main --context prod | || && ; & grep error head tail -n 5 wc sort uniq app ' +
      'rollback history sync set --sync-policy none rds failover-db-cluster reboot-db-instance --force-failover ' +
      '--db-cluster-identifier prod -X POST -XDELETE -sXPUT -sI -d {} --data=x --json {} -F f=@a -T f --request DELETE -K c -u a:b -G --get https://flags.example.com/x/disable --retry 3 ... … \'...\' "a b" ' +
      '<pod> {{app}} $NAMESPACE $TOKEN ingress -p \'{"spec":{"rules":[]}}\' -- sh -c ls sudo ssh "kubectl scale" \\'
    ).split(' '),
  );
  const command = fc
    .array(word, { minLength: 1, maxLength: 10 })
    .chain((words) =>
      fc
        .constantFrom('', 'kubectl ', 'kubectl get ', 'kubectl -n shop ', 'argocd ', 'aws rds ', 'curl ')
        .map((start) => start + words.join(' ')),
    );

  it('has no trap, whatever it is made of', () => {
    fc.assert(
      fc.property(command, fc.constantFrom('bash', '', 'pwsh', 'fish'), (text, language) =>
        isHonest(text, language),
      ),
      { numRuns: 5_000 },
    );
  });

  it('has none among a thousand guides either, and is most of them', () => {
    const commands = manyGuides(1_000).flatMap(({ file, text }) =>
      stepSequences(parseGuide(text, { file })).flatMap(({ steps }) =>
        steps.flatMap((each) => each.command ?? []),
      ),
    );
    commands.forEach((each) => isHonest(each));
    const planned = commands.filter(mayHaveTraps).length;
    assert.ok(planned < commands.length && planned > 0, `${planned} of ${commands.length}`);
  });
});
