import assert from 'node:assert/strict';
import { failed } from '../../../../src/core/errors.ts';
import type { Guide, PhasePart } from '../../../../src/core/guide/guide.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { IncidentEvent } from '../../../../src/core/incident/events.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { createResolutions, type ResolutionsDeps } from '../../../../src/editor/resolution/resolutions.ts';
import { createIncidents, type Incidents } from '../../../../src/journal/incidents.ts';
import { after, aGuide, declared, runEnded, runStarted } from '../../../support/builders.ts';
import { createJournalFolder, newId, value, type JournalFolder } from '../../journal/journalFolder.ts';

/** One item, which the alerts answer. */
const checklist: PhasePart = {
  kind: 'checklist',
  id: 'confirm',
  title: 'Confirm',
  line: 1,
  items: [{ id: 'alerts', text: 'No active alerts', line: 1 }],
};
const guide = aGuide({
  phases: aGuide().phases.map((phase) => ({
    ...phase,
    parts: phase.kind === 'resolution' ? [checklist] : [],
  })),
});
const minute = 60_000;

describe('the end of a soak window', () => {
  let journals: JournalFolder;
  let incidents: Incidents;
  let stop: () => Promise<void>;
  let clock: number;
  let told: string[];
  let claims: string[];
  let id: string;

  beforeEach(async () => {
    journals = createJournalFolder();
    clock = Date.parse(after(0));
    told = [];
    claims = [];
    const now = (): Date => new Date(clock);
    const journal = journals.journal('Ana', now);
    incidents = createIncidents({ journal, now, newId });
    value(await incidents.load());
    const { data } = declared({ target: {} });
    id = value(await incidents.handle(undefined, { type: 'Declare', data } as Command)).id;
  });
  afterEach(async () => {
    await stop();
    await incidents.dispose();
    await journals.dispose();
  });

  const start = async (then: 'ask' | 'resolve' = 'resolve'): Promise<void> => {
    const data = { soak: 'soak-1', durationMs: minute, then };
    value(await incidents.handle(id, { type: 'StartSoak', data }));
  };
  /** A window that looks after it from now on. */
  const open = (guides: readonly Guide[] = [guide], more: Partial<ResolutionsDeps> = {}): void => {
    const resolutions = createResolutions({
      incidents,
      journal: {
        claim: (what) => {
          claims.push(what);
          return Promise.resolve({ ok: true, value: { release: () => Promise.resolve() } });
        },
      },
      guides: {
        load: () => Promise.resolve(guides),
        guideOf: (file) => guides.find((one) => one.file === file) ?? guides[0],
      },
      signals: {
        lookAtAlerts: () =>
          Promise.resolve({
            ...{ signals: [], servers: [], shown: new Map() },
            sources: [{ name: 'Alertmanager', problem: undefined }],
          }),
      },
      executorFor: () => Promise.resolve(undefined),
      metrics: {
        server: () => undefined,
        queries: () => ({}),
        askRange: () => Promise.reject(new Error('nobody is asked')),
        askInstant: () => Promise.reject(new Error('nobody is asked')),
        now: () => clock,
        found: new Map(),
      },
      now: () => new Date(clock).toISOString(),
      tellUnresolved: ({ number }, why) => void told.push(`${number}: ${why}`),
      trust: { isGiven: () => true, onDidGive: () => ({ dispose: () => undefined }) },
      ...more,
    });
    stop = resolutions.dispose;
    resolutions.wake();
  };
  const present = (): Incident => {
    const incident = incidents.get(id);
    assert.ok(incident);
    return incident;
  };
  /** Waits until the incident is so. */
  const until = (isSo: (incident: Incident) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo(present())) return;
        subscription.dispose();
        resolve();
      };
      const subscription = incidents.onDidChange(look);
      look();
    });
  const openThen = (): readonly string[] | undefined =>
    present()
      .events.filter((event): event is IncidentEvent => !('unknown' in event))
      .flatMap((event) => (event.type === 'SoakPassed' ? [event.data.open] : []))
      .at(-1);

  it('resolves by itself when all is good, and says nothing of it but that', async () => {
    await start();
    clock += minute;
    open();
    await until(({ status }) => status === 'resolved');
    assert.deepEqual([openThen(), told], [[], []]);
  });

  it('resolves nothing while a step still runs, and says which', async () => {
    value(await incidents.handle(id, { type: 'StartRun', data: runStarted().data } as Command));
    await start();
    clock += minute;
    open();
    await until(({ soaks }) => soaks.at(-1)?.state === 'passed');
    assert.deepEqual(openThen(), ['"Check pods" still runs']);
    assert.deepEqual(present().soaks.at(-1)?.open, ['"Check pods" still runs']);
    assert.equal(present().status, 'active');
  });

  it('takes a step that has ended for no hindrance', async () => {
    value(await incidents.handle(id, { type: 'StartRun', data: runStarted().data } as Command));
    value(await incidents.handle(id, { type: 'EndRun', data: runEnded().data } as Command));
    await start();
    clock += minute;
    open();
    await until(({ status }) => status === 'resolved');
  });

  it('is judged by no other guide: a window without its own leaves it to those that have it, then says so', async () => {
    const other: Guide = { ...guide, file: 'other.md' };
    await start();
    clock += minute;
    open([other]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([claims, present().soaks.at(-1)?.state], [[], 'running']);
    clock += 2 * minute;
    await until(({ soaks }) => soaks.at(-1)?.state !== 'running');
    assert.deepEqual(openThen(), ['the guide guide.md is not here']);
    assert.deepEqual([present().status, Object.keys(present().checks)], ['active', []]);
  });

  it('is not ended by a window without its guide while another may still look', async () => {
    await start();
    // Long after the start, but this window has only just come.
    clock += 60 * minute;
    open([{ ...guide, file: 'other.md' }]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([claims, present().soaks.at(-1)?.state], [[], 'running']);
  });

  it('is judged by its own guide where that is not the main one', async () => {
    await start();
    clock += minute;
    open([{ ...guide, file: 'other.md', phases: [] }, guide]);
    await until(({ status }) => status === 'resolved');
    assert.deepEqual(Object.keys(present().checks), ['alerts']);
  });

  it('tells when the resolve itself was refused', async () => {
    await start();
    clock += minute;
    const refusing: Incidents = {
      ...incidents,
      handle: (of, command) =>
        command.type === 'Resolve'
          ? Promise.resolve(failed('storage', 'The disk is full.'))
          : incidents.handle(of, command),
    };
    const wasTold = new Promise<void>((resolve) =>
      open([guide], {
        incidents: refusing,
        tellUnresolved: ({ number }, why) => {
          told.push(`${number}: ${why}`);
          resolve();
        },
      }),
    );
    await wasTold;
    assert.deepEqual(told, ['2026-11-23-0001: The disk is full.']);
    assert.equal(present().soaks.at(-1)?.state, 'passed');
  });
});
