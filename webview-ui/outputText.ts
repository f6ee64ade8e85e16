/** The most characters of a tail that are drawn: one line of a megabyte must not stall the page. */
const mostCharacters = 60_000;

// Terminal sequences: colours and cursor moves (CSI), titles and links (OSC), and the two-character ones.
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Output of a terminal program as plain text: no colour codes, and of a line drawn over itself its last state. */
export function plainOutput(tail: string): string {
  const end = tail.length > mostCharacters ? tail.slice(-mostCharacters) : tail;
  return end
    .replace(sequences, '')
    .replace(/\r+\n/g, '\n')
    .replace(/^.*\r(?!$)/gm, '')
    .replace(/\r/g, '')
    .replace(/\n$/, '');
}

/** Lines of the whole output that stand above this tail. */
export function linesAbove(tail: string, lines: number): number {
  return Math.max(0, lines - countLines(tail));
}

/** A last line without its end counts; an end without a line behind it does not. */
export function countLines(text: string): number {
  if (text === '') return 0;
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
