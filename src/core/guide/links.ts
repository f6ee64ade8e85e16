import type { Link } from './blocks.ts';
import type { GuideLink } from './guide.ts';

/** The file's links, relative ones resolved against the guide's own path. */
export const resolveLinks = (links: readonly Link[], file: string): GuideLink[] =>
  links.map(({ text, href, line }) => ({ text, href, resolved: resolveHref(href, file), line }));

/**
 * `rollback.md` in `docs/guide.md` → `docs/rollback.md`, percent escapes decoded as files are named. Addresses with a
 * scheme, and paths that begin with `/`, stay as written.
 */
export function resolveHref(href: string, file: string): string {
  if (href === '' || /^[a-z][a-z\d+.-]*:/i.test(href) || href.startsWith('/')) return href;
  const path = /^[A-Za-z]:\\|\\/.test(file) && !file.includes('/') ? file.replaceAll('\\', '/') : file;
  const at = href.search(/[?#]/);
  const target = at < 0 ? href : href.slice(0, at);
  const behind = at < 0 ? '' : href.slice(at);
  if (target === '') return path + behind;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return normalize(folder + decode(target)) + behind;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a lone % is part of the name
  }
}

function normalize(path: string): string {
  // The guide may itself be named by an address: `vscode-remote://host/folder/guide.md`.
  const origin = /^[a-z][a-z\d+.-]+:\/\/[^/]*/i.exec(path)?.[0] ?? '';
  const root = path.startsWith('/', origin.length) ? `${origin}/` : origin;
  const out: string[] = [];
  for (const part of path.slice(origin.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (part !== '..' || root === '') out.push(part);
  }
  return root + out.join('/');
}
