import { createHash } from 'node:crypto';
import type { Guide } from '../../src/core/guide/guide.ts';
import type { AnyEvent } from '../../src/core/incident/events.ts';
import { mergeJournalFiles } from '../../src/journal/mergeJournalFiles.ts';
import { parseJournalFile } from '../../src/journal/parseJournalFile.ts';
import {
  acknowledged,
  aGuide,
  declared,
  declareTime,
  entered,
  fact,
  noted,
  resolved,
  step,
  ticked,
  updated,
} from './builders.ts';
import {
  run,
  ran,
  change,
  at,
  get,
  ulid,
  crashLoop,
  rollback,
  failover,
  failedSteps,
  drill,
  relapse,
  offlineAna,
  offlineBen,
  bare,
  newer,
  type Told,
} from './storyJournals.ts';

export interface Story {
  readonly guide?: Guide;
  /** What each writer wrote, in its order; `torn` cuts so many bytes off the end of the first file. */
  readonly writers: readonly (readonly Told[])[];
  readonly torn?: number;
}

const incidentId = '01JDPM000000000000000000A0';

/** The events of a story, written as journal lines and read back by the product's own reader. */
export function journalOfStory({ writers, torn = 0 }: Story): {
  readonly events: readonly AnyEvent[];
  readonly unreadable: number;
} {
  const files = writers.map((told, index) => {
    const writer = ulid('W', index + 1);
    let prev = '';
    const lines = told.map(([minute, by, what], at) => {
      const ms = Date.parse(declareTime) + Math.round(minute * 60_000);
      const told = typeof what === 'string' ? { type: what, data: { anything: true } } : what;
      const line = JSON.stringify({
        id: ulid(String(index), at + 1),
        incident: incidentId,
        writer,
        n: at + 1,
        clock: `${String(ms).padStart(15, '0')}-${String(at).padStart(5, '0')}`,
        time: new Date(ms).toISOString(),
        by,
        version: 1,
        prev,
        ...told,
      });
      prev = createHash('sha256').update(line).digest('hex');
      return `${line}\n`;
    });
    const bytes = Buffer.from(lines.join(''));
    return parseJournalFile(
      bytes.subarray(0, bytes.length - (index === 0 ? torn : 0)),
      `${writer}.jsonl`,
      incidentId,
    );
  });
  const { events, problems } = mergeJournalFiles(files);
  return { events, unreadable: problems.length };
}

function long(): Told[] {
  const told: Told[] = [
    [0, 'Ana', declared({ title: 'A very long night', severity: 'SEV1' })],
    [1, 'Ana', acknowledged()],
    [2, 'Ana', entered('diagnosis', 'Diagnosis')],
  ];
  for (let i = 0; told.length < 980; i++) {
    const minute = 3 + i;
    const who = ['Ana', 'Ben', 'Chen'][i % 3]!;
    if (i === 150) told.push([minute, who, entered('mitigation', 'Mitigation')]);
    if (i % 15 === 0) told.push([minute, 'Ana', updated(i / 15 + 1, 'Still looking')]);
    if (i % 7 === 0) told.push([minute, who, noted(`Observation ${i}`)]);
    if (i % 40 === 0) {
      told.push([
        minute,
        who,
        run(`r${i}`, 'Restart a pod', `kubectl delete pod p-${i}`, { ...change, step: 'restart' }),
      ]);
      told.push([
        minute + 0.5,
        who,
        ran(`r${i}`, {
          outcome:
            i % 80 === 0
              ? { kind: 'failed', message: 'The pod came back broken.' }
              : { kind: 'succeeded', exitCode: 0 },
        }),
      ]);
    } else {
      told.push([minute, who, run(`g${i}`, 'Check pods', get, { step: 'get-pods' })]);
      told.push([minute + 0.2, who, ran(`g${i}`)]);
    }
  }
  const end = 600;
  told.push([end, 'Ana', fact('MitigatedMarked', { at: at(end) })]);
  for (let i = 0; told.length < 999; i++) told.push([end + 1 + i, 'Ben', ticked(`item-${i}`, `Check ${i}`)]);
  told.push([
    end + 60,
    'Ana',
    resolved({ cause: 'A kernel bug on the new nodes', resolution: 'Moved to the old nodes' }),
  ]);
  return told;
}

const conditional = aGuide({
  runbooks: [
    {
      id: 'checkout',
      title: 'Checkout fails',
      line: 100,
      source: 'section',
      about: '',
      steps: [
        step('get-pods', { text: 'Check pods' }),
        step('pending', { number: 2, text: 'Add nodes', condition: 'If pods pending' }),
      ],
    },
  ],
});

/** Journals as they come: each with its golden post-mortem in `test/golden/postmortems`. */
export const stories: Readonly<Record<string, Story>> = {
  'crash-loop': { guide: conditional, writers: [crashLoop] },
  rollback: { writers: [rollback] },
  failover: {
    writers: [
      failover,
      [[4, 'Ana', fact('ApprovalGiven', { request: ulid('R', 1), who: 'Ana', how: 'editor' })]],
    ],
  },
  'failed-steps': { writers: [failedSteps] },
  drill: { writers: [drill] },
  relapse: { writers: [relapse] },
  'two-writers-offline': { writers: [offlineAna, offlineBen] },
  bare: { writers: [bare] },
  'newer-version': { writers: [newer] },
  'very-long': { writers: [long()] },
  torn: { writers: [crashLoop.slice(0, 20)], torn: 40 },
};
