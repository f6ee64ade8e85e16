import * as vscode from 'vscode';
import { formatDuration } from '../../core/incident/durations.ts';
import { addMs, msBetween, utcDateTime } from '../../core/incident/instants.ts';
import { plainText, withoutIcons } from '../../core/signals/plainText.ts';
import {
  matchersOf,
  parseSilenceDuration,
  renderMatchers,
  type Silence,
} from '../../core/signals/silence.ts';
import { sourceNames } from '../../core/signals/incomingSignal.ts';
import { askText, pick } from '../ask/ask.ts';
import type { CommandFactory } from './commandDeps.ts';
import { signalOf } from './signals.ts';

const hour = 3_600_000;
const usual = [hour / 2, hour, 2 * hour, 4 * hour, 8 * hour, 24 * hour];
/** Long enough for a slow Alertmanager, ms. */
const limitMs = 30_000;

/** Silences exactly one alert in Alertmanager, after a question that names its matchers and its end. */
export const silenceAlert: CommandFactory = (deps) => async (given) => {
  const signal = await signalOf(
    deps,
    given,
    {
      title: 'Silence Alert',
      placeholder: 'Which alert?',
      none: 'Alertmanager has no alert that could be silenced.',
    },
    ({ kind, state, sources }) =>
      kind === 'alert' && state !== 'silenced' && sources.includes(sourceNames.alertmanager),
  );
  if (!signal) return;
  const title = `Silence ${withoutIcons(plainText(signal.title, 80))}`;
  const ms = await pick(
    usual.map((value) => ({
      label: formatDuration(value),
      description: `until ${utcDateTime(addMs(deps.now(), value) ?? '')}`,
      value,
    })),
    {
      title,
      placeholder: 'For how long? Pick, or type a duration: 45m, 1h30m, 2d',
      preselect: 1,
      typed: (text) => {
        const value = parseSilenceDuration(text);
        return value === undefined
          ? undefined
          : { label: text, description: `until ${utcDateTime(addMs(deps.now(), value) ?? '')}`, value };
      },
    },
  );
  if (ms === undefined) return;
  const comment = await askText({
    title: `${title} for ${formatDuration(ms)}`,
    prompt: 'Why? Everybody who looks at Alertmanager reads it.',
    placeholder: 'known, being fixed in 2026-11-23-0001',
    value:
      deps.session.current()?.status === 'active' ? `Incident ${deps.session.current()?.number ?? ''}` : '',
    validate: (text) => (text ? undefined : 'Say why, or press Esc.'),
  });
  if (comment === undefined) return;
  const matchers = matchersOf(signal.labels);
  const startsAt = deps.now();
  const endsAt = addMs(startsAt, ms) ?? startsAt;
  const silence = 'Silence';
  const answer = await vscode.window.showWarningMessage(
    `${title} for ${formatDuration(ms)}?`,
    {
      modal: true,
      detail: `Until ${utcDateTime(endsAt)} Alertmanager tells nobody of alerts with\n${renderMatchers(matchers)}`,
    },
    silence,
  );
  if (answer !== silence) return;
  await tellFailure(
    deps.signals.silence(
      { matchers, startsAt, endsAt, createdBy: deps.userName(), comment },
      AbortSignal.timeout(limitMs),
    ),
  );
};

/** Ends the silence that keeps an alert quiet; others that it keeps quiet come back too, and that is said. */
export const endSilence: CommandFactory = (deps) => async (given) => {
  const signal = await signalOf(
    deps,
    given,
    { title: 'End Silence', placeholder: 'Of which alert?', none: 'No alert is silenced.' },
    ({ silences }) => (silences ?? []).length > 0,
  );
  if (!signal) return;
  const shown = deps.signals.shown();
  const inForce = shown.silences.filter(({ id }) => signal.silences?.includes(id));
  const chosen = await pickSilence(inForce, deps.now());
  if (!chosen) return;
  const others = shown.signals.filter(
    ({ id, silences }) => id !== signal.id && silences?.includes(chosen.id),
  );
  const end = 'End Silence';
  const answer = await vscode.window.showWarningMessage(
    `End the silence of ${plainText(signal.title, 80)}?`,
    {
      modal: true,
      detail: [
        `${plainText(chosen.createdBy, 80) || 'Somebody'} made it until ${utcDateTime(chosen.endsAt)}: ${plainText(chosen.comment, 300) || 'no comment'}`,
        renderMatchers(chosen.matchers),
        others.length === 0
          ? ''
          : `It keeps ${others.length} more ${others.length === 1 ? 'alert' : 'alerts'} quiet, which will be told again too.`,
      ]
        .filter(Boolean)
        .join('\n'),
    },
    end,
  );
  if (answer === end) await tellFailure(deps.signals.endSilence(chosen.id, AbortSignal.timeout(limitMs)));
};

function pickSilence(silences: readonly Silence[], now: string): Promise<Silence | undefined> {
  if (silences.length < 2) return Promise.resolve(silences[0]);
  return pick(
    silences.map((silence) => ({
      label: withoutIcons(plainText(silence.comment, 80) || 'no comment'),
      description: `${plainText(silence.createdBy, 60)}, ${formatDuration(Math.max(0, msBetween(now, silence.endsAt) ?? 0))} left`,
      detail: withoutIcons(plainText(renderMatchers(silence.matchers), 300)),
      value: silence,
    })),
    { title: 'End Silence', placeholder: 'Several silences keep it quiet: which one ends?' },
  );
}

async function tellFailure(
  doing: Promise<
    { readonly ok: true } | { readonly ok: false; readonly failure: { readonly message: string } }
  >,
): Promise<void> {
  const done = await doing;
  if (!done.ok) void vscode.window.showErrorMessage(done.failure.message);
}
