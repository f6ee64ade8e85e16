import path from 'node:path';

/** The path that other programs look for: relative to `cwd` where it is inside it, else absolute; with `/`. */
export function portable(file: string, cwd: string): string {
  const absolute = path.resolve(cwd, file);
  const relative = path.relative(cwd, absolute);
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (inside ? relative : absolute).split(path.sep).join('/');
}
