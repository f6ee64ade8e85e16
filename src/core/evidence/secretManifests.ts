/** Lines of one object that stand under its `data:`, 0-based, the end exclusive. */
interface Block {
  readonly from: number;
  to: number;
}

/** One object of YAML while its lines are read. */
interface OpenObject {
  readonly indent: number;
  isSecret: boolean;
  readonly blocks: Block[];
}

const keyLine = /^(\s*)(- )?([\w.-]+):(?:\s|$)/;

/**
 * Hides the values of every Secret that kubectl has printed as YAML or JSON: there any key may hold one, and base64 hides
 * nothing. Linear. `hide` gets one value.
 */
export const hideSecretManifests = (text: string, hide: (value: string) => string): string =>
  inJson(inYaml(text, hide), hide);

function inYaml(text: string, hide: (value: string) => string): string {
  if (!/^[\s-]*kind:\s*Secret\s*$/m.test(text)) return text;
  const lines = text.split('\n');
  const open: OpenObject[] = [];
  const found: Block[] = [];
  const close = (from: number, at: number): void => {
    while ((open.at(-1)?.indent ?? -1) >= from) {
      const object = open.pop();
      const last = object?.blocks.at(-1);
      if (last?.to === Infinity) last.to = at;
      if (object?.isSecret) found.push(...object.blocks);
    }
  };
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('---')) close(0, at);
    const [, space = '', dash = '', key = ''] = keyLine.exec(line) ?? [];
    if (key === '') continue;
    const indent = space.length + dash.length;
    // A dash begins another object; a key farther out ends those farther in.
    close(dash === '' ? indent + 1 : indent, at);
    let object = open.at(-1);
    if (object?.indent !== indent) open.push((object = { indent, isSecret: false, blocks: [] }));
    const last = object.blocks.at(-1);
    if (last?.to === Infinity) last.to = at;
    if (/^(?:data|stringData)$/.test(key)) object.blocks.push({ from: at + 1, to: Infinity });
    if (/^\s*(?:- )?kind:\s*Secret\s*$/.test(line)) object.isSecret = true;
  }
  close(0, lines.length);
  for (const { from, to } of found)
    for (let at = from; at < Math.min(to, lines.length); at++)
      lines[at] = (lines[at] ?? '').replace(
        /^(\s+(?:["']?[\w.-]+["']?:(?:\s+|$))?)(.*)$/,
        (_all, kept: string, value: string) => kept + (/^[|>][+-]?\s*$/.test(value) ? value : hide(value)),
      );
  return lines.join('\n');
}

const inJson = (text: string, hide: (value: string) => string): string =>
  /\\*"kind\\*"\s*:\s*\\*"Secret\\*"/.test(text)
    ? text.replace(/\\*"(?:data|stringData)\\*"\s*:\s*\{[^{}]*\}/g, (data) =>
        data.replace(
          /(:\s*\\*")([^"\\]+)(?=\\*")/g,
          (_all, kept: string, value: string) => kept + hide(value),
        ),
      )
    : text;
