import type { AnnouncementRow } from '../../core/deliveries/announcement.ts';
import type { DeliveryRequest } from '../../core/deliveries/delivery.ts';
import { pageTaskOf, withName, withNotify, withText } from '../../core/deliveries/announcement.ts';
import { renderWholeTexts } from '../../core/views/announcementTexts.ts';
import { oneLine } from '../../core/views/oneLine.ts';
import { askText, pick, type Choice, type TextOptions } from './ask.ts';
import type { ReadOnlyTexts } from './readOnlyText.ts';

type Answer =
  | { readonly kind: 'send' }
  | { readonly kind: 'row'; readonly id: string }
  | { readonly kind: 'read' }
  | { readonly kind: 'none' };

/**
 * Shows who would be told what, and gives what is to be sent: Enter sends what is checked. Each row can be taken out or
 * its text changed; what customers would read, name, status and text, is seen, and the choice about subscribers made,
 * before a status page can be checked.
 * Undefined is Esc.
 */
export async function askOutward(
  title: string,
  proposed: readonly AnnouncementRow[],
  texts: ReadOnlyTexts,
): Promise<readonly DeliveryRequest[] | undefined> {
  let rows = proposed;
  for (;;) {
    const answer = await pick(choicesOf(rows), {
      title,
      placeholder: 'Enter sends what is checked. Pick a row to change it. Esc: nothing leaves.',
    });
    if (answer === undefined) return undefined;
    switch (answer.kind) {
      case 'send':
        return rows.filter(({ picked }) => picked).flatMap(({ requests }) => requests);
      case 'none':
        return [];
      case 'read':
        await texts.show('what-leaves.md', renderWholeTexts(rows));
        break;
      case 'row': {
        const row = rows.find(({ id }) => id === answer.id);
        const changed = row && (await askRow(title, row));
        if (changed) rows = rows.map((one) => (one.id === changed.id ? changed : one));
      }
    }
  }
}

function choicesOf(rows: readonly AnnouncementRow[]): readonly Choice<Answer>[] {
  const picked = rows.filter((row) => row.picked);
  return [
    picked.length > 0
      ? {
          label: `Tell ${picked.length === 1 ? 'one place' : `${picked.length} places`}`,
          icon: 'send',
          detail: picked.map(({ label }) => label).join(', '),
          value: { kind: 'send' },
        }
      : { label: 'Tell nobody now', icon: 'circle-slash', value: { kind: 'none' } },
    ...rows.map((row): Choice<Answer> => ({
      label: row.label,
      icon: row.picked ? 'check' : 'circle-large-outline',
      description: row.picked
        ? ''
        : row.system === 'statuspage'
          ? 'not sent: read its text first'
          : 'not sent',
      detail: oneLine(row.text.replaceAll('\n', ' ⏎ '), 400),
      value: { kind: 'row', id: row.id },
    })),
    { label: 'Read the whole texts', icon: 'preview', value: { kind: 'read' } },
    ...(picked.length > 0
      ? [{ label: 'Tell nobody now', icon: 'circle-slash', value: { kind: 'none' as const } }]
      : []),
  ];
}

/** Undefined: nothing was changed. */
async function askRow(title: string, row: AnnouncementRow): Promise<AnnouncementRow | undefined> {
  if (row.system === 'statuspage' && !row.picked) return askPublic(title, row);
  const does = await pick(
    [
      row.picked
        ? { label: 'Leave it out', icon: 'circle-large-outline', value: 'toggle' as const }
        : { label: 'Send it', icon: 'check', value: 'toggle' as const },
      ...(canChange(row) ? [{ label: 'Change the text…', icon: 'edit', value: 'change' as const }] : []),
    ],
    { title: row.label, placeholder: row.text },
  );
  if (does === undefined) return undefined;
  if (does === 'toggle') return { ...row, picked: !row.picked };
  if (row.system === 'statuspage') return askPublic(title, row);
  const text = await askLines(row.label, row.text);
  return text === undefined ? undefined : { ...withText(row, text), picked: true };
}

const canChange = ({ requests, text }: AnnouncementRow): boolean =>
  requests.some(
    ({ task }) => ('text' in task && task.text === text) || ('body' in task && text.endsWith(task.body)),
  );

async function askPublic(title: string, row: AnnouncementRow): Promise<AnnouncementRow | undefined> {
  const task = pageTaskOf(row);
  const name =
    task?.act === 'create-incident'
      ? await askText({
          title: `${title}: status page, its name`,
          prompt: `What customers read as its name. It is shown as “${task.status}”.`,
          value: task.name,
          validate: (given) => (given ? undefined : 'Type a name, or press Esc.'),
        })
      : '';
  if (name === undefined) return undefined;
  const text = await askLines(`${title}: status page`, row.text);
  if (text === undefined) return undefined;
  const notify = await pick(
    [
      { label: 'Do not write to subscribers', description: 'the page shows it', value: false },
      { label: 'Write to subscribers', description: 'e-mail, SMS and what else they chose', value: true },
    ],
    { title: `${title}: status page`, placeholder: 'Are the page’s subscribers notified?' },
  );
  if (notify === undefined) return undefined;
  return { ...withNotify(withName(withText(row, text), name), notify), picked: true };
}

/** A text of several lines on one input line: line ends are shown as ⏎ so that Enter can send it. */
export async function askLines(
  title: string,
  draft: string,
  button?: NonNullable<TextOptions['button']>,
): Promise<string | undefined> {
  const shown = await askText({
    title,
    prompt: 'Read it, change it, press Enter. ⏎ is a line end. Esc: nothing is kept.',
    value: draft.trim().replaceAll('\n', ' ⏎ '),
    validate: (text) => (text ? undefined : 'It needs some text.'),
    ...(button ? { button: { ...button, press: (text: string) => button.press(asLines(text)) } } : {}),
  });
  return shown === undefined ? undefined : asLines(shown);
}

const asLines = (text: string): string => text.replaceAll(/ ?⏎ ?/g, '\n');
