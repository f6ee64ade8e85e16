/** Behind another flag it may be that one's value. */
const namespaced = /(?:^|\s)[^\s-]\S*\s+(?:-n|--namespace|-A\b|--all-namespaces)/;

/**
 * Whether planning a command may find a trap that an author can mend. Most commands of a guide have none and planning
 * is the dear part of a check, so this is asked first; where it cannot tell it says yes. Traps that hang on an
 * incident's pin or values are not meant.
 */
export function mayHaveTraps(command: string): boolean {
  const isMarked = /['"\\]/.test(command);
  const text = isMarked ? command.replace(/['"]|\\\n/g, '') : command;
  // Behind a backslash a space is a letter, and what follows only looks like a flag.
  if (/\.\.\.|…|\\/.test(text)) return true;
  // What a loop ends with is the loop, whatever was filtered inside.
  if (text.includes('grep') && !/;\s*done\s*$/.test(text)) return true;
  // A request that only reads wants no credentials and may be repeated.
  if (text.includes('curl') && /\s(?:-[A-Za-z]*[XdFTK]|--(?!silent|show|fail|max|connect))/.test(text))
    return true;
  if (text.includes('argocd') && text.includes('rollback')) return true;
  if (text.includes('aws') && /failover|reboot/.test(text)) return true;
  if (!text.includes('kubectl')) return false;
  if (text.includes('scale') || (text.includes('patch') && text.includes('rules'))) return true;
  if (text.includes('exec') && /\s-(?:-stdin|-tty|[A-Za-z]*[it])/.test(text)) return true;
  if (text.includes('logs') && /\s-(?:-selector|[A-Za-z]*l)/.test(text)) return true;
  // In quotes nothing is a flag, and flags behind a pipe are a filter's: `head -n 5` names no namespace.
  const unquoted = isMarked ? command.replace(/'[^']*'|"[^"]*"/g, 'quoted') : command;
  if (/['"]/.test(unquoted)) return true; // a quote that does not end
  const commands = unquoted.split(/[|&;\n]/);
  return commands.some((each, at) => (at === 0 || each.includes('kubectl')) && !namespaced.test(each));
}
