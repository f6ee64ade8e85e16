import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandWords, splitCommand } from '../../../webview-ui/command.ts';

const marked = (command: string, unfilled: readonly string[]): string =>
  splitCommand(command, unfilled)
    .map((part) => (part.unfilled ? `[${part.text}]` : part.text))
    .join('');

describe('marking what a command still lacks', () => {
  for (const [command, unfilled, expected] of [
    ['kubectl logs <pod> -n production', ['<pod>'], 'kubectl logs [<pod>] -n production'],
    ['argocd app rollback <app> <rev>', ['<app>', '<rev>'], 'argocd app rollback [<app>] [<rev>]'],
    ['get $POD $POD_NAME', ['$POD', '$POD_NAME'], 'get [$POD] [$POD_NAME]'],
    ["--patch '...'", ['...'], "--patch '[...]'"],
    ['kubectl get pods', [], 'kubectl get pods'],
    ['kubectl get pods', [''], 'kubectl get pods'],
    ['', ['<pod>'], ''],
  ] as const) {
    it(`marks ${JSON.stringify(command)}`, () => assert.equal(marked(command, unfilled), expected));
  }

  it('keeps a placeholder and the word around it together', () => {
    assert.deepEqual(
      commandWords('logs -l app=<service> --since=10m', ['<service>']).map((word) =>
        word.map(({ text }) => text),
      ),
      [['logs '], ['-l '], ['app=', '<service>', ' '], ['--since=10m']],
    );
  });

  it('keeps line ends apart, where they end the line', () => {
    assert.deepEqual(
      commandWords('export A=<a>\n\necho $A \\\n  | sort', ['<a>']).map((word) =>
        word.map(({ text }) => text),
      ),
      [['export '], ['A=', '<a>'], ['\n\n'], ['echo '], ['$A '], ['\\'], ['\n  '], ['| '], ['sort']],
    );
  });

  it('loses no character', () => {
    const command = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '<p>', '-', '\\') });
    fc.assert(
      fc.property(command, (text) => {
        const words = commandWords(text, ['<p>']).flat();
        assert.equal(words.map((part) => part.text).join(''), text);
      }),
    );
  });
});
