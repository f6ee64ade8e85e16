import { createParser, htmlParts, taskBox } from './markdownTree.ts';

export interface HtmlInput {
  readonly markdown: string;
  readonly title: string;
  /** `data:` addresses of pictures that lie beside the document, by the address it uses for them. */
  readonly pictures: ReadonlyMap<string, string>;
}

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1.25rem;
  color: #1f2328; background: #fff; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; margin: 1.8em 0 0.6em; } h1 { margin-top: 0; font-size: 1.8rem; }
h2 { font-size: 1.3rem; border-bottom: 1px solid #d0d7de; padding-bottom: 0.25em; }
ul, ol { padding-left: 1.4em; } li { margin: 0.25em 0; } li.task { list-style: none; margin-left: -1.4em; }
code { font: 0.875em/1.4 ui-monospace, monospace; background: #eff1f3; border-radius: 4px; padding: 0.1em 0.3em; }
pre { background: #f6f8fa; border-radius: 6px; padding: 0.8em 1em; overflow: auto; } pre code { background: none; padding: 0; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #d0d7de; padding: 0.35em 0.6em; text-align: left; vertical-align: top; }
blockquote { margin: 0; padding-left: 1em; border-left: 3px solid #d0d7de; color: #59636e; }
img { max-width: 100%; } a { color: #0969da; } hr { border: 0; border-top: 1px solid #d0d7de; margin: 2em 0; }
details { margin: 1em 0; } summary { cursor: pointer; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; } a { color: #4493f8; }
  h2, th, td, hr, blockquote { border-color: #3d444d; } code { background: #262c36; } pre { background: #151b23; }
  pre code { background: none; } blockquote { color: #9198a1; } img { background: #fff; border-radius: 6px; }
}
@media print {
  :root { color-scheme: light; } @page { margin: 18mm 16mm; }
  body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; color: #000; background: #fff; }
  h1, h2, h3 { break-after: avoid; } li, tr, img, pre { break-inside: avoid; } pre { white-space: pre-wrap; }
  code, pre { background: #f3f3f3; } a { color: inherit; } h2, th, td, hr, blockquote { border-color: #999; }
  details:not([open]) { display: none; }
}`;

/**
 * A document as one HTML file for a browser and for printing: styles and pictures are in it, nothing is loaded and no
 * script runs, whatever the Markdown holds. Folds that are closed are left out of the print.
 */
export function htmlDocument({ markdown, title, pictures }: HtmlInput): string {
  const parser = createParser();
  const escape = parser.utils.escapeHtml;
  const { rules } = parser.renderer;
  const body = markdown.replace(/^\uFEFF?---[ \t]*\r?\n(?:[^]*?\r?\n)??---[ \t]*(?:\r?\n|$)/, '');
  rules.html_inline = (tokens, index) => {
    const text = tokens[index]!.content;
    return text.startsWith('<!--') ? '' : escape(text);
  };
  rules.html_block = (tokens, index) =>
    htmlParts(tokens[index]!.content)
      .map((part) => {
        switch (part.kind) {
          case 'open':
            return '<details>\n';
          case 'close':
            return '</details>\n';
          case 'summary':
            return `<summary>${escape(unescapeEntities(part.text))}</summary>\n`;
          case 'text':
            return `<p>${escape(part.text)}</p>\n`;
          case 'comment':
            return '';
        }
      })
      .join('');
  rules.image = (tokens, index) => {
    const token = tokens[index]!;
    const address = String(token.attrGet('src') ?? '');
    const data = pictures.get(address);
    const alt = escape(token.content);
    // Whatever is not in the file would be asked of somebody at every opening.
    return data === undefined
      ? `<a href="${escape(address)}" rel="noreferrer">${alt || escape(address)}</a>`
      : `<img src="${escape(data)}" alt="${alt}">`;
  };
  rules.link_open = (tokens, index, options, _env, self) => {
    tokens[index]!.attrSet('rel', 'noreferrer');
    return self.renderToken(tokens, index, options);
  };
  parser.core.ruler.after('inline', 'tasks', ({ tokens }) => {
    tokens.forEach((token, index) => {
      const first = token.children?.[0];
      const box = first?.type === 'text' ? taskBox.exec(first.content)?.[1] : undefined;
      const item = tokens[index - 2];
      if (!first || box === undefined || item?.type !== 'list_item_open') return;
      item.attrJoin('class', 'task');
      first.content = `${box === ' ' ? '☐' : '☑'} ${first.content.replace(taskBox, '')}`;
    });
  });
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}
</style>
</head>
<body>
${parser.render(body)}</body>
</html>
`;
}

const unescapeEntities = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The addresses of the pictures in a document, each once. */
export function picturesIn(markdown: string): readonly string[] {
  const found = new Set<string>();
  for (const { children } of createParser().parse(markdown, {}))
    for (const token of children ?? []) {
      const address = token.type === 'image' ? token.attrGet('src') : null;
      if (address) found.add(String(address));
    }
  return [...found];
}
