import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { namesSeen } from '../../../../src/core/plan/namesSeen.ts';
import { placeholdersOf } from '../../../../src/core/plan/words/placeholders.ts';
import type { KubernetesAction } from '../../../../src/core/plan/kubectl/kubernetesAction.ts';
import { quoteWord } from '../../../../src/core/plan/words/quoteWord.ts';
import { kubernetesPlan, planOf } from './planOf.ts';

/** Pieces of commands in any order: far more often nearly right than random letters are. */
const pieces = fc
  .array(
    fc.constantFrom(
      ...['kubectl', 'get', 'logs', 'exec', 'scale', 'patch', 'curl', 'pods', '-n', '-l', '-p', '--', '-it', '--tail=', '=', 'grep', '|'],
      ...['<pod>', '{{x}}', '$X', '${X}', '${X:-1}', '${', '$(', ')', '`', '...', '…', "'", '"', '\\', '\n', ' ', ' ', '#', '&&', ';', '<', '>'],
      ...['<<EOF', 'EOF', '{', '}', '[', '~', '*', "$'", '\uE0000\uE001', '\uE000', '\0', '\r\n', 'https://a.test/', '-H', '-d', '🦊', '\uD800'],
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join('')); // prettier-ignore
const anyText = fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }));
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);

describe('planning anything', () => {
  it('never throws, and never loses the command', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.dictionary(fc.constantFrom('pod', 'x', '...', '__proto__', 'POD'), anyText),
        fc.record({
          language: fc.constantFrom('bash', '', 'pwsh', 'zsh', 'toString'),
          attributes: fc.dictionary(
            fc.constantFrom('ir.risk', 'ir.timeout', 'interpreter', 'interactive', 'cwd'),
            fc.oneof(anyText, fc.constantFrom('true', 'read', '5m', 'python3')),
          ),
        }),
        fc.array(anyText, { maxLength: 2 }),
        (command, values, more, readOnlyPrefixes) => {
          const plan = planOf(command, { step: more, values, readOnlyPrefixes });
          assert.equal(plan.original, plan.kind === 'manual' ? plan.original : command);
          if (plan.kind === 'shell' && Object.keys(values).length === 0)
            assert.equal(plan.script, command.replace(/\r\n/g, '\n').trim());
          if (
            plan.kind === 'shell' &&
            more.attributes['ir.risk'] === undefined &&
            readOnlyPrefixes.length === 0
          )
            assert.notEqual(plan.risk, 'read');
          assert.ok(plan.timeoutMs === undefined || plan.timeoutMs > 0);
          placeholdersOf(command);
          namesSeen(plan, command);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('takes no time worth the name for a very long command', () => {
    for (const piece of [
      '<a ',
      '<',
      '{{a',
      '...',
      '$A ',
      '"',
      '(',
      '`',
      '\\',
      "'a' ",
      '<<E\n',
      '${A',
      'a=1 ',
      '# a\n',
      '$(',
    ]) {
      const command = `kubectl get pods ${piece.repeat(40_000)}`;
      assert.equal(planOf(command).original, command);
    }
  });
});

const text = fc.string({
  unit: fc.constantFrom(...'ab1 -_./\'"$\\|&;<>*?()!{}~#=,\n'),
  minLength: 1,
  maxLength: 8,
});
const maybe = (words: fc.Arbitrary<readonly string[]>): fc.Arbitrary<readonly string[]> =>
  fc.oneof(fc.constant<readonly string[]>([]), words);
const flag = (written: string, value: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> =>
  maybe(
    fc.oneof(
      value.map((each) => [`${written}=${each}`]),
      value.map((each) => [written, each]),
    ),
  );
const on = (...written: readonly string[]): fc.Arbitrary<readonly string[]> =>
  maybe(fc.constantFrom(...written).map((each) => [each]));
const place = [flag('-n', name), flag('--context', name)];
const selector = name.map((each) => `app=${each}`);
const count = fc.nat(50).map(String);
const object = fc.tuple(fc.constantFrom('deploy', 'deployment', 'sts'), name);
const objectWords = object.chain(([kind, each]) =>
  fc.constantFrom<readonly string[]>([kind, each], [`${kind}/${each}`]),
);
const kinds = fc.constantFrom('pods', 'svc', 'svc,ingress', 'deploy');
const dryRun = on('--dry-run', '--dry-run=server', '--dry-run=client', '--dry-run=none');

/** Words of commands that the grammar covers, flags in any order between the positionals. */
const mix = (
  head: readonly string[],
  positionals: fc.Arbitrary<readonly string[]>,
  flags: readonly fc.Arbitrary<readonly string[]>[],
): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(positionals, fc.tuple(...flags, ...place), fc.array(fc.nat(20), { minLength: 12, maxLength: 12 }))
    .map(([named, groups, spots]) => {
      const groupsOfOne = named.map((word) => [word] as readonly string[]);
      groups.forEach((group, index) =>
        groupsOfOne.splice((spots[index] ?? 0) % (groupsOfOne.length + 1), 0, group),
      );
      return ['kubectl', ...head, ...groupsOfOne.flat()];
    });
const output = maybe(fc.constantFrom(['-o', 'wide'], ['-oyaml'], ['--output=json'], ['-o=name']));
const native: fc.Arbitrary<readonly string[]> = fc.oneof(
  mix(['get'], kinds.map((each) => [each]), [flag('-l', selector), output, on('--no-headers'), on('-A')]),
  mix(['get'], fc.tuple(kinds, name, name), [output]),
  mix(['describe'], fc.tuple(fc.constant('pod'), name), []),
  mix(['logs'], name.map((each) => [each]), [
    flag('-c', name), flag('--since', fc.constantFrom('30m', '90s', '1h1m1s', '0')), flag('--tail', count),
    on('-p', '--previous'), on('-f', '--follow'), on('--timestamps'), on('--prefix'),
  ]),
  mix(['logs'], fc.constant([]), [
    selector.map((each) => ['-l', each]), on('--all-containers'), maybe(fc.constant(['--tail=-1'])), flag('--since', fc.constant('5m')),
  ]),
  mix(['scale'], objectWords, [count.map((each) => [`--replicas=${each}`]), flag('--current-replicas', count), dryRun]),
  mix(['patch'], objectWords, [
    fc.json().map((each) => ['-p', each]), flag('--type', fc.constantFrom('json', 'merge', 'strategic')), dryRun,
  ]),
  mix(['rollout', 'undo'], objectWords, [flag('--to-revision', count), dryRun]),
  mix(['rollout', 'status'], objectWords, []),
  fc.tuple(mix(['exec'], name.map((each) => [each]), [flag('-c', name), on('-it', '-i', '-t')]), fc.array(text, { minLength: 1, maxLength: 4 }))
    .map(([words, command]) => [...words, '--', ...command]),
); // prettier-ignore

describe('native plans', () => {
  it('say themselves again: the preview gives the same plan', () => {
    fc.assert(
      fc.property(native, fc.constantFrom('', ' | grep -i error', ' | sort -u | head -3'), (words, tail) => {
        const plan = kubernetesPlan(words.map(quoteWord).join(' ') + tail);
        const again = kubernetesPlan(plan.preview);
        assert.deepEqual(again.action, plan.action);
        assert.deepEqual(again.filters, plan.filters);
        assert.deepEqual(again.target, plan.target);
        assert.equal(again.risk, plan.risk);
        assert.equal(again.preview, plan.preview);
      }),
      { numRuns: 800 },
    );
  });

  it('say themselves again with placeholders still open', () => {
    const commands = [
      'kubectl logs <pod> -n <ns> --tail=<lines> --since=<duration>',
      'kubectl get pods -l "app=$SERVICE" | grep \'<what> {{ever}}\' | head -n <n>',
      `kubectl patch deploy <x> -p '{"spec":{"replicas":<n>}}'`,
      'kubectl exec <pod> -- sh -c "echo <what> \\"$WHO\\""',
      'kubectl scale deploy/<x> --replicas=<n> --context <where>',
    ];
    for (const command of commands) {
      const plan = kubernetesPlan(command);
      const again = kubernetesPlan(plan.preview);
      assert.deepEqual(again.action, plan.action, plan.preview);
      assert.deepEqual(
        again.missing.map(({ name: each }) => each).sort(),
        plan.missing.map(({ name: each }) => each).sort(),
      );
    }
  });

  it('read words as bash does', () => {
    const quoted = fc.oneof(
      text.map(quoteWord),
      text.map((each) => `"${each.replace(/["\\$`]/g, '\\$&')}"`),
      fc.stringMatching(/^[a-z0-9=,:@%+/_-]{1,6}$/),
      fc.constantFrom(
        'a\\ b',
        "a'b c'd",
        '"a"\'b\'c',
        "''",
        '""',
        '\\|',
        '\\"',
        "\\'",
        'a\\\\b',
        '"\\a"',
        '"$"',
        'a$',
        '"a$ b"',
        '=x',
        'a#b',
      ),
    );
    const samples = fc.sample(fc.array(quoted, { minLength: 1, maxLength: 5 }), { numRuns: 60, seed: 7 });
    let compared = 0;
    for (const words of samples) {
      const line = words.join(' ');
      const plan = planOf(`kubectl exec web-1 -- run ${line}`);
      if (plan.kind !== 'kubernetes') continue;
      const { command } = plan.action as Extract<KubernetesAction, { verb: 'exec' }>;
      const { stdout } = spawnSync('bash', ['--norc', '-c', `printf '%s\\0' run ${line}`], {
        encoding: 'utf8',
      });
      assert.deepEqual(command, stdout.split('\0').slice(0, -1), line);
      compared += 1;
    }
    assert.ok(compared > 30, `only ${compared} lines were native`);
  });

  it('keep a value one word, whatever is in it', () => {
    const commands: readonly (readonly [string, (value: string) => readonly string[]])[] = [
      ['kubectl exec web-1 -- run <x> y', (value) => ['run', value, 'y']],
      ['kubectl exec web-1 -- run "a <x>" y', (value) => ['run', `a ${value}`, 'y']],
      ["kubectl exec web-1 -- run 'a <x>' $X", (value) => ['run', `a ${value}`, value]],
    ];
    fc.assert(
      fc.property(
        fc.oneof(text, fc.string({ minLength: 1 }), fc.string({ unit: 'binary', minLength: 1 })),
        fc.constantFrom(...commands),
        (value, [command, expected]) => {
          fc.pre(!/[\uE000\uE001]|\r\n/.test(value));
          const plan = kubernetesPlan(command, { values: { x: value } });
          const action = plan.action as Extract<KubernetesAction, { verb: 'exec' }>;
          assert.deepEqual(action.command, expected(value));
          assert.deepEqual(kubernetesPlan(plan.preview).action, action);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('never let a value become a flag, a second name or another object', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.constantFrom('-A', '--all', 'a,b', 'a/b', 'a b', 'x=y,z')),
        fc.constantFrom(
          'kubectl get pods <x>',
          'kubectl get pods -l team=<x>',
          'kubectl logs <x>',
          'kubectl get <x>',
          'kubectl get pods -n <x>',
        ),
        (value, command) => {
          const plan = kubernetesPlan(command, { values: { x: value } });
          const action = plan.action as { kinds?: readonly string[]; names?: readonly string[] };
          assert.ok((action.kinds ?? []).length <= 1 && (action.names ?? []).length <= 1);
          const harmless = /^[A-Za-z0-9][\w.:-]*$/.test(value);
          if (!harmless)
            assert.ok(
              plan.traps.some(({ blocks }) => blocks),
              `${command} with ${value}`,
            );
        },
      ),
      { numRuns: 500 },
    );
  });
});
