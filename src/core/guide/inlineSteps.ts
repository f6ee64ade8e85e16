import type { InlineCommand, Row, Table } from './blocks.ts';
import { sentenceAround } from './inlineCommands.ts';
import { isKnownProgram } from './programs.ts';
import { manualStep, type StepDraft } from './steps.ts';
import { startsWithIf, words } from './vocabulary.ts';

/** Running text with commands in inline code. */
interface Running {
  readonly text: string;
  readonly commands: readonly InlineCommand[];
}

/** Each command of a sentence, list item or cell as a step whose text is that sentence. */
export const inlineSteps = ({ text, commands }: Running): StepDraft[] =>
  commands.map((command) => {
    const { sentence, start } = sentenceAround(text, command.from, command.to, commands);
    return {
      text: wordsOf(sentence, command) || command.command,
      condition: conditionOf(sentence, command.from - start),
      command: command.command,
      details: [],
      language: '',
      line: command.line,
      endLine: command.endLine,
      attributes: {},
    };
  });

/** "`kubectl get pods`: lists the pods" says the command twice; what stands behind it is enough. */
function wordsOf(sentence: string, { command }: InlineCommand): string {
  const at = sentence.startsWith(command)
    ? command.length
    : sentence.startsWith(`$ ${command}`)
      ? command.length + 2
      : 0;
  if (at === 0) return sentence.replace(/\s{0,3}[:：]$/, '');
  const rest = sentence.slice(at);
  const said = /^\s{0,3}(?:[-–—:：]|->|→)\s{0,3}(?=\S)/.exec(rest);
  if (said) return rest.slice(said[0].length);
  return /^[\s.;,]*$/.test(rest) ? '' : sentence;
}

/** "If pods are pending, run `…`": what stands in front of the comma, else the sentence. */
function conditionOf(sentence: string, commandAt: number): string | undefined {
  if (!startsWithIf.test(sentence)) return undefined;
  const comma = sentence.slice(0, Math.max(0, commandAt)).search(/[,，、:：]/u);
  return comma > 0 ? sentence.slice(0, comma) : sentence;
}

/** The columns of a table that hold commands: those headed so, and those where at least half of the cells are one. */
export function commandColumns(table: Table): readonly number[] {
  const columns: number[] = [];
  for (let column = 0; column < table.header.length; column++) {
    const headed = words.command.test(table.header[column] ?? '');
    if (!headed && !table.rows.some((row) => row.commands !== undefined)) continue;
    let filled = 0;
    let held = 0;
    for (const row of table.rows) {
      if ((row.cells[column] ?? '') === '') continue;
      filled++;
      if ((row.commands?.[column]?.length ?? 0) > 0 || (headed && isKnownProgram(row.cells[column] ?? '')))
        held++;
    }
    if (held > 0 && (headed || held * 2 >= filled)) columns.push(column);
  }
  return columns;
}

/** Each command of a row as a step: its first other cell is the text, further ones are details. */
export function rowSteps(table: Table, row: Row, columns: readonly number[]): StepDraft[] {
  const others = row.cells
    .map((text, column) => ({ text, column, header: table.header[column] ?? '' }))
    .filter(({ text, column }) => text !== '' && !columns.includes(column));
  const [first, ...more] = others;
  const condition = others
    .map(({ text, header }) =>
      startsWithIf.test(text) ? text : startsWithIf.test(`${header} `) ? `${header} ${text}` : undefined,
    )
    .find((text) => text !== undefined);
  const details = more.map(({ text, header }) => (header === '' ? text : `${header}: ${text}`));
  // What stands among the commands without being one: "restart it".
  const words = columns
    .filter((column) => (row.cells[column] ?? '') !== '' && commandsIn(row, column).length === 0)
    .map((column) => ({ text: row.cells[column] ?? '', header: table.header[column] ?? '' }));
  if (columns.every((column) => commandsIn(row, column).length === 0)) {
    const said = [first?.text ?? '', ...words.map(({ text }) => text)].filter((text) => text !== '');
    return said.length === 0 ? [] : [{ ...manualStep(said.join(': '), row.line, details), condition }];
  }
  for (const { text, header } of words) details.push(header === '' ? text : `${header}: ${text}`);
  return columns.flatMap((column) => {
    const cell = row.cells[column] ?? '';
    const header = columns.length > 1 ? (table.header[column] ?? '') : '';
    return inlineSteps({ text: cell, commands: commandsIn(row, column) }).map((step) => ({
      ...step,
      text: [first?.text ?? '', header].filter((part) => part !== '').join(': ') || step.text,
      condition: step.condition ?? condition,
      details: [...(first && step.text !== step.command ? [step.text] : []), ...details],
      line: row.line,
      endLine: row.line,
    }));
  });
}

/** The commands of a cell of a command column; there it needs no backticks. */
const commandsIn = (row: Row, column: number): readonly InlineCommand[] => {
  const cell = row.cells[column] ?? '';
  const inline = row.commands?.[column] ?? [];
  return inline.length === 0 && isKnownProgram(cell) ? [whole(cell, row.line)] : inline;
};

const whole = (cell: string, line: number): InlineCommand => ({
  command: cell,
  from: 0,
  to: cell.length,
  line,
  endLine: line,
});
