/**
 * Whether planning a command may find a trap that an author can mend. Most commands of a guide have none and planning
 * is the dear part of a check, so this is asked first; where it cannot tell it says yes. Traps that hang on an
 * incident's pin or values are not meant.
 */
export function mayHaveTraps(command: string): boolean {
  const text = command.replace(/['"\\]/g, '');
  if (/\.\.\.|…|curl|grep/.test(text)) return true;
  if (text.includes('argocd') && text.includes('rollback')) return true;
  if (text.includes('aws') && /failover|reboot/.test(text)) return true;
  if (!text.includes('kubectl')) return false;
  if (/exec|scale|patch|attach|debug/.test(text)) return true;
  if (text.includes('logs') && /\s-(?:-selector|[A-Za-z]*l)/.test(text)) return true;
  // Flags behind a pipe are a filter's: `head -n 5` names no namespace.
  const [first = ''] = text.split('|', 1);
  return !/\s(?:-n|--namespace|-A\b|--all-namespaces)/.test(first);
}
