const svg = 'http://www.w3.org/2000/svg';

/** Outlines on a 16×16 grid, drawn with the text's colour. */
const paths = {
  warning: 'M8 1.8 15 14.2H1L8 1.8ZM8 6v4.2M8 11.9v.9',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 7.2v4.2M8 4.6v.9',
  ok: 'M2.8 8.6 6.3 12l7-8',
  bad: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  neutral: 'M3 8h10',
  edit: 'M2.5 13.5 3.4 10 11 2.4l2.6 2.6L6 12.6ZM9.4 4l2.6 2.6',
  people:
    'M5.8 7.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8ZM1.6 13.4c0-2.4 1.8-4 4.2-4s4.2 1.6 4.2 4M10.6 3a2.2 2.2 0 0 1 0 4.2M11.8 9.6c1.6.4 2.6 1.8 2.6 3.8',
  skipped: 'M2.5 3.5 8 8l-5.5 4.5ZM8.5 3.5 14 8l-5.5 4.5Z',
} as const;
export type IconName = keyof typeof paths;

/** A small picture beside words that say the same: hidden from screen readers. */
export function createIcon(name: IconName): SVGElement {
  const icon = document.createElementNS(svg, 'svg');
  const path = document.createElementNS(svg, 'path');
  const attributes = {
    viewBox: '0 0 16 16',
    width: '14',
    height: '14',
    'aria-hidden': 'true',
    class: 'icon',
  };
  for (const [key, value] of Object.entries(attributes)) icon.setAttribute(key, value);
  path.setAttribute('d', paths[name]);
  icon.append(path);
  return icon;
}
