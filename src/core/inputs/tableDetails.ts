/** Columns that say something about a name, in the order in which a person wants to hear them. */
const told: readonly (readonly string[])[] = [
  ['READY', 'STATUS', 'RESTARTS'], // pods
  ['READY', 'UP-TO-DATE'], // deployments
  ['TYPE', 'PORT(S)'], // services
  ['HOSTS'], // ingresses
  ['STATUS', 'HEALTH'], // apps
  ['DATE', 'AUTHOR', 'STARTED BY', 'MESSAGE'], // revisions
  ['STATUS', 'ROLE', 'WRITER', 'ENGINE'], // databases
  ['STATUS'], // namespaces
];

interface Column {
  readonly name: string;
  readonly from: number;
}

/**
 * What a table says of each name in it, in a few words: `0/1 CrashLoopBackOff, 12 restarts`. Columns are read where
 * their headers stand, for a cell may be empty. Names without a word about them are left out.
 */
export function tableDetails(output: string): ReadonlyMap<string, string> {
  const details = new Map<string, string>();
  let columns: readonly Column[] = [];
  let wanted: readonly string[] = [];
  for (const line of output.replace(/\r/g, '').split('\n', 5000)) {
    if (/^(?:NAMESPACE\s+)?NAME(?:\s|$)|^ID\s+DATE\s|^(?:INSTANCE|CLUSTER|MEMBER)\s{2,}/.test(line)) {
      columns = [...line.matchAll(/\S+(?: \S+)*/g)].map((hit) => ({ name: hit[0], from: hit.index }));
      const has = (name: string): boolean => columns.some((column) => column.name === name);
      const all = told.filter((names) => names.every(has));
      wanted = all[0] ?? told.find((names) => has(names[0] ?? '')) ?? [];
      continue;
    }
    if (line.trim() === '') columns = [];
    const cell = (name: string): string => {
      const at = columns.findIndex((column) => column.name === name);
      if (at < 0) return '';
      return line.slice(columns[at]?.from, columns[at + 1]?.from).trim();
    };
    const [name = ''] = line.trim().split(/\s+/, 1);
    if (name === '' || columns.length === 0 || details.has(name)) continue;
    const words = wanted.map((column) => sentence(column, cell(column))).filter((word) => word !== '');
    if (words.length > 0) details.set(name, words.join(' ').replace(/ ,/g, ','));
  }
  return details;
}

function sentence(column: string, cell: string): string {
  if (cell === '' || cell === '-' || cell === '<none>') return '';
  switch (column) {
    case 'RESTARTS': {
      const count = Number.parseInt(cell, 10);
      return count > 0 ? `, ${count} ${count === 1 ? 'restart' : 'restarts'}` : '';
    }
    case 'UP-TO-DATE':
      return 'ready';
    case 'DATE':
      return `deployed ${cell.slice(0, 16)} UTC`;
    case 'AUTHOR':
    case 'STARTED BY':
      return `by ${cell}`;
    case 'MESSAGE':
      return `, ${cell.slice(0, 60)}`;
    default:
      return cell;
  }
}
