import type { ReportCell, ReportPage, ReportSection, ReportTable } from '../src/shared/reportPage.ts';
import { createError } from './action.ts';
import { drawBars } from './bars.ts';
import { element, setChildren, setHidden, setText, setTextOrHide } from './element.ts';
import { createIcon } from './icon.ts';
import { createReportControls, type Controls } from './reportControls.ts';

export interface ReportView {
  /** Draws the whole page; parts that stay the same keep focus and scrolling. */
  update(page: ReportPage): void;
  fail(message: string | undefined): void;
  /** Says what goes on until the next `update`. */
  wait(words: string): void;
}

export interface ReportActs extends Controls {
  /** Asks for what a cell stands for; gives why not. */
  readonly open: (key: string) => Promise<string | undefined>;
}

/** Rows from which on a table scrolls by itself. */
const tallFrom = 16;

/** A page of figures or of a past incident, drawn into `root`. */
export function createReport(root: HTMLElement, acts: ReportActs): ReportView {
  const title = element('h1');
  const error = createError();
  const notices = element('div', { class: 'notices' });
  const facts = element('dl', { class: 'report-facts' });
  const controls = createReportControls(acts, (message) => setTextOrHide(error, message));
  const sections = element('div', { class: 'sections' });
  const waiting = element('p', {
    class: 'hint',
    text: 'Reading the incidents…',
    attributes: { role: 'status' },
  });
  const main = element(
    'main',
    { class: 'report' },
    title,
    controls.root,
    error,
    notices,
    waiting,
    facts,
    sections,
  );
  root.replaceChildren(main);
  const open = (key: string): void => {
    setTextOrHide(error, undefined);
    void acts.open(key).then((message) => setTextOrHide(error, message));
  };
  const holders = new Map<string, HTMLElement>();
  return {
    update(page) {
      setHidden(waiting, true);
      setTextOrHide(error, undefined);
      document.title = page.title;
      setText(title, page.title);
      controls.update(page.controls);
      setChildren(notices, page.notices, drawNotice);
      setHidden(facts, page.facts.length === 0);
      setChildren(facts, page.facts, ({ label, cell }) =>
        element(
          'div',
          { class: 'report-fact' },
          element('dt', { text: label }),
          element('dd', {}, drawCell(cell, open)),
        ),
      );
      const ids = page.sections.map(({ id }) => id);
      for (const [id, holder] of holders) if (!ids.includes(id)) (holder.remove(), holders.delete(id));
      for (const section of page.sections) {
        const holder = holders.get(section.id) ?? element('div');
        holders.set(section.id, holder);
        sections.append(holder);
        setChildren(holder, [section], (one) => drawSection(one, open));
      }
    },
    fail(message) {
      setHidden(waiting, true);
      setTextOrHide(error, message);
    },
    wait(words) {
      setText(waiting, words);
      setHidden(waiting, false);
    },
  };
}

function drawNotice(text: string): HTMLElement {
  const notice = element('p', { class: 'notice', attributes: { role: 'note' } });
  notice.append(createIcon('info'), element('span', { text }));
  return notice;
}

function drawSection(section: ReportSection, open: (key: string) => void): HTMLElement {
  const id = `heading-${section.id}`;
  const drawn = element(
    'section',
    { attributes: { 'aria-labelledby': id } },
    element('h2', { text: section.heading, attributes: { id } }),
    ...section.notes.map((text) => element('p', { class: 'hint', text })),
  );
  if (section.chart) drawn.append(drawBars(section.chart, open));
  if (section.table) drawn.append(drawTable(section.table, open));
  return drawn;
}

function drawTable({ caption, columns, rows }: ReportTable, open: (key: string) => void): HTMLElement {
  const kindOf = (column: number): { class?: string } =>
    columns[column]?.isNumber ? { class: 'number' } : {};
  const head = element(
    'tr',
    {},
    ...columns.map(({ label }, at) =>
      element('th', { text: label, ...kindOf(at), attributes: { scope: 'col' } }),
    ),
  );
  const body = rows.map((row) =>
    element(
      'tr',
      {},
      ...row.map((cell, at) =>
        at === 0
          ? element('th', { ...kindOf(at), attributes: { scope: 'row' } }, drawCell(cell, open))
          : element('td', kindOf(at), drawCell(cell, open)),
      ),
    ),
  );
  const table = element(
    'table',
    {},
    element('caption', { text: caption }),
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
  // A box that scrolls has to be reached by keyboard.
  const isTall = rows.length > tallFrom;
  return element(
    'div',
    {
      class: isTall ? 'table tall' : 'table',
      attributes: { role: 'region', 'aria-label': caption, tabindex: '0' },
    },
    table,
  );
}

function drawCell({ text, opens, spoken, tone }: ReportCell, open: (key: string) => void): HTMLElement {
  if (opens === undefined) return element('span', { class: tone, text });
  const button = element('button', {
    class: `open ${tone}`,
    text,
    attributes: { type: 'button', ...(spoken === undefined ? {} : { 'aria-label': spoken }) },
  });
  button.addEventListener('click', () => open(opens));
  return button;
}
