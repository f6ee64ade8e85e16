/** A fence's attribute, explained where it is written. */
export interface AttributeDoc {
  readonly detail: string;
  readonly documentation: string;
  /** Offered as values; an attribute without them takes free text. */
  readonly values?: readonly string[];
}

const yesOrNo = ['true', 'false'];

/** Our attributes and Runme's (https://docs.runme.dev/configuration/cell-level), as completion shows them. */
export const attributeDocs: Readonly<Record<string, AttributeDoc>> = {
  'ir.risk': {
    detail: 'raises the risk',
    documentation:
      'How dangerous the step is at least. A guide can raise what was recognised, never lower it.',
    values: ['read', 'change', 'destructive'],
  },
  'ir.when': {
    detail: 'condition',
    documentation:
      'When the step applies, held against what earlier steps showed. It advises; nothing runs by itself.',
  },
  'ir.assert': {
    detail: 'what must be true afterwards',
    documentation: 'Held against the output and exit code of the run: passed, failed or not checked.',
  },
  'ir.capture': {
    detail: 'values out of the output',
    documentation: 'Takes values out of the output for later steps.',
  },
  'ir.undo': {
    detail: 'how to take it back',
    documentation:
      'The command that takes this step’s change back. It is offered once the step has run, and asks before it runs.',
  },
  'ir.timeout': {
    detail: 'how long it may take',
    documentation: 'Such as 30s, 5m or 1h30m; none means until it is stopped.',
    values: ['30s', '1m', '5m', '15m', 'none'],
  },
  'ir.approve': {
    detail: 'a second person agrees',
    documentation: 'The step waits for somebody else’s approval. Settings can ask for more, never for less.',
  },
  'ir.keepGoing': {
    detail: 'run all goes on after a failure',
    documentation: 'With true, a failure of this step does not stop the steps behind it.',
    values: yesOrNo,
  },
  'ir.target': {
    detail: 'where it goes',
    documentation:
      'The target of this step where it is another one than the incident’s: context=NAME, namespace=NAME, profile=NAME, region=NAME. Reads go there; a change waits until that is pinned.',
  },
  name: { detail: 'Runme: name of the step', documentation: 'Unique in the file.' },
  cwd: { detail: 'Runme: folder', documentation: 'Where a shell starts, relative to the guide.' },
  interactive: {
    detail: 'Runme: opens a terminal',
    documentation: 'Only an explicit true opens a terminal.',
    values: yesOrNo,
  },
  background: {
    detail: 'Runme: keeps running',
    documentation: 'The step goes on beside the others.',
    values: yesOrNo,
  },
  promptEnv: {
    detail: 'Runme: ask for variables',
    documentation: 'Whether exported variables are asked for.',
    values: ['auto', 'always', 'never'],
  },
  excludeFromRunAll: {
    detail: 'Runme: never run with the others',
    documentation: 'Run all leaves the step out.',
    values: yesOrNo,
  },
  interpreter: { detail: 'Runme: program', documentation: 'The program that gets the fence’s text.' },
  mimeType: { detail: 'Runme: kind of output', documentation: 'Such as application/json.' },
  tag: { detail: 'Runme: tags', documentation: 'Words to find steps by, separated by commas.' },
};
