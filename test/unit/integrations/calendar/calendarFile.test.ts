import assert from 'node:assert/strict';
import ICAL from 'ical.js';
import type { Fact } from '../../../../src/core/incident/events.ts';
import {
  calendarEntryOf,
  organizerOf,
  writtenEntry,
  type CalendarEntry,
} from '../../../../src/core/postmortem/calendarEntry.ts';
import { composeLinks } from '../../../../src/integrations/calendar/composeLinks.ts';
import { renderCalendarFile } from '../../../../src/integrations/calendar/calendarFile.ts';
import { declared, fact, incidentOf, resolved } from '../../../support/builders.ts';

const due = '2026-11-25T11:00:00.000Z';
const later = '2026-11-26T09:30:00.000Z';

const entry = (facts: readonly Fact[], dueAt: string | undefined): CalendarEntry | undefined =>
  calendarEntryOf({ incident: incidentOf(declared(), ...facts), dueAt });
const written = (one: CalendarEntry): Fact => fact('CalendarEntryWritten', writtenEntry(one));
function sure<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

/** What another program's parser sees in the file. */
function read(one: CalendarEntry) {
  const file = renderCalendarFile(one);
  assert.ok(file.ok);
  const calendar = new ICAL.Component(ICAL.parse(file.value) as unknown[]);
  const events = calendar.getAllSubcomponents('vevent');
  assert.equal(events.length, 1);
  const component = sure(events[0]);
  const event = new ICAL.Event(component);
  return {
    method: calendar.getFirstPropertyValue('method'),
    version: calendar.getFirstPropertyValue('version'),
    status: component.getFirstPropertyValue('status'),
    stamped: component.hasProperty('dtstamp'),
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    description: event.description,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    organizer: component.getFirstProperty('organizer')?.toJSON(),
    alarms: component
      .getAllSubcomponents('valarm')
      .map((alarm) => String(alarm.getFirstPropertyValue('trigger'))),
    alarmTexts: component
      .getAllSubcomponents('valarm')
      .map((alarm) => String(alarm.getFirstPropertyValue('description'))),
    /** As they stand in the file, unfolded. */
    lines: file.value.replace(/\r\n[\t ]/g, '').split('\r\n'),
  };
}

describe('the calendar file of a post-mortem’s deadline', () => {
  it('is read by another program: half an hour that ends with the deadline, and two alarms', () => {
    const owner = fact('PostMortemOwnerSet', { owner: 'Ana, the lead; “on call”' });
    const seen = read(sure(entry([resolved(), owner], due)));
    assert.deepEqual(
      [seen.version, seen.method, seen.status, seen.stamped],
      ['2.0', 'PUBLISH', 'CONFIRMED', true],
    );
    assert.deepEqual([seen.start, seen.end], ['2026-11-25T10:30:00.000Z', due]);
    assert.equal(seen.summary, 'Post-mortem due: SEV2 Payments failing');
    assert.match(seen.description, /due 2026-11-25 11:00 UTC\.\nOwner: Ana, the lead; “on call”\./);
    assert.deepEqual(seen.alarms.sort(), ['-PT24H', '-PT2H']);
  });

  it('keeps its UID when the deadline moves, is taken back and set again, and counts up each time', () => {
    const first = sure(entry([resolved()], due));
    const moved = sure(entry([resolved(), written(first)], later));
    const back = sure(entry([resolved(), written(first), written(moved)], undefined));
    const again = sure(entry([resolved(), written(first), written(moved), written(back)], due));
    const files = [first, moved, back, again].map(read);
    assert.equal(new Set(files.map(({ uid }) => uid)).size, 1);
    assert.deepEqual(
      files.map(({ sequence }) => sequence),
      [0, 1, 2, 3],
    );
    assert.deepEqual(
      files.map(({ method, status }) => `${String(method)} ${String(status)}`),
      ['PUBLISH CONFIRMED', 'PUBLISH CONFIRMED', 'CANCEL CANCELLED', 'PUBLISH CONFIRMED'],
    );
    assert.deepEqual(
      files.map(({ end }) => end),
      [due, later, later, due],
    );
  });

  it('is the same file when nothing changed, and none when there is nothing to say', () => {
    const first = sure(entry([resolved()], due));
    assert.equal(sure(entry([resolved(), written(first)], due)).sequence, 0);
    const back = sure(entry([written(first)], undefined));
    assert.equal(entry([], undefined), undefined);
    assert.equal(entry([written(first), written(back)], undefined), undefined);
  });

  it('has pages that open with it filled in', () => {
    const links = composeLinks(sure(entry([resolved()], due))).map(({ url }) => new URL(url));
    assert.equal(links[0]?.searchParams.get('dates'), '20261125T103000Z/20261125T110000Z');
    assert.equal(links[1]?.searchParams.get('startdt'), '2026-11-25T10:30:00.000Z');
    for (const { searchParams } of links)
      assert.match(searchParams.get('text') ?? searchParams.get('subject') ?? '', /^Post-mortem due: SEV2/);
  });

  it('says of which incident it is, its alarms too, even with a title that is hard on files', () => {
    for (const title of [
      'a;b,c\\d\nBEGIN:VEVENT 日本 🔥',
      'a;b, c\\new',
      'tail\\',
      'x\rEND:VALARM\r\ny',
      'bell\u0007',
    ]) {
      const incident = incidentOf(declared({ title }), resolved());
      const one = sure(calendarEntryOf({ incident, dueAt: due }));
      const seen = read(one);
      // Line breaks are of one kind in the file, and what is no text is not in it.
      const says = one.title.replace(/\r\n?/g, '\n').replaceAll('\u0007', '');
      assert.equal(seen.summary, says);
      assert.deepEqual(seen.alarmTexts, [says, says]);
      assert.equal(seen.lines.filter((line) => line.startsWith('BEGIN:V')).length, 4);
      // A parser that is lenient reads an unescaped text as well: RFC 5545 §3.3.11 has no such one.
      for (const line of seen.lines.filter((one) => one.startsWith('DESCRIPTION:')))
        assert.match(line, /^DESCRIPTION:(?:[^\\;,]|\\[\\;,nN])*$/u);
    }
  });

  it('names as its organizer the owner, else who writes it, where the people file has an address', () => {
    const people = [
      { name: 'Ana Souza', roles: [], email: 'ana@example.org' },
      { name: 'Ben "B" Ode', roles: [], email: 'ben@example.org' },
      { name: 'Chen', roles: [] },
    ];
    assert.deepEqual(organizerOf(['ana souza', 'Ben "B" Ode'], people), {
      name: 'Ana Souza',
      email: 'ana@example.org',
    });
    assert.equal(organizerOf([undefined, 'Ben "B" Ode'], people)?.email, 'ben@example.org');
    assert.equal(organizerOf(['Chen', 'Dora'], people), undefined);

    const of = (facts: readonly Fact[], organizer: ReturnType<typeof organizerOf>, dueAt?: string) =>
      sure(calendarEntryOf({ incident: incidentOf(declared(), resolved(), ...facts), dueAt, organizer }));
    const first = of([], organizerOf(['Ben "B" Ode'], people), due);
    assert.deepEqual(read(first).organizer, [
      'organizer',
      { cn: 'Ben  B  Ode' },
      'cal-address',
      'MAILTO:ben@example.org',
    ]);
    // What takes the entry back is of the organizer whose entry it is, whoever owns the post-mortem by now.
    const back = read(of([written(first)], organizerOf(['Ana Souza'], people)));
    assert.equal(back.method, 'CANCEL');
    assert.equal((back.organizer as unknown[])[3], 'MAILTO:ben@example.org');
    // Nobody's address is made up, and one that no calendar takes keeps nobody from the file.
    assert.equal(read(of([], undefined, due)).organizer, undefined);
    assert.equal(read(of([], { name: 'Ñ', email: 'ñ@bücher.example' }, due)).organizer, undefined);
  });
});
