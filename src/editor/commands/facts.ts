import * as vscode from 'vscode';
import { sentenceCase } from '../../core/resolution/resolutionState.ts';
import { oneLine } from '../../core/views/oneLine.ts';
import { followUp } from '../outward/announce.ts';
import { askText, askTime, pick } from '../ask/ask.ts';
import type { CommandFactory } from './commandDeps.ts';
import { askNewTarget } from '../ask/askTarget.ts';
import { askSeverity } from './declare.ts';
import { currentIncident, record, subjectOf, textArgument } from './onIncident.ts';

/** Stops the response clock. */
export const acknowledge: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const acknowledged = await record(deps, at.incident, { type: 'Acknowledge' });
  if (acknowledged) await followUp(deps, acknowledged, { kind: 'acknowledged' });
};

export const setSeverity: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const severity = await askSeverity(at.guide, at.incident.severity);
  if (severity === undefined || severity === at.incident.severity) return;
  const reason = await askText({
    title: `${at.incident.severity} → ${severity}`,
    prompt: 'Why? Enter leaves it open.',
  });
  if (reason === undefined) return;
  const set = await record(deps, at.incident, {
    type: 'SetSeverity',
    data: { severity, ...(reason ? { reason } : {}) },
  });
  if (!set) return;
  const before = at.incident.severity;
  await followUp(deps, set, { kind: 'severity', before, reason: reason || undefined });
};

export const setImpact: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const figure = await askText({
    title: 'Set Impact (1/3)',
    prompt: 'What is measured? The figure goes into the post-mortem as you write it.',
    placeholder: '5% of payment transactions failed',
    value: at.incident.impact?.figure ?? '',
    validate: (text) => (text ? undefined : 'Type a figure, or press Esc: the impact then stays unknown.'),
  });
  if (figure === undefined) return;
  const source = await askText({
    title: 'Set Impact (2/3)',
    prompt: 'Where does the figure come from?',
    placeholder: 'Grafana > Payments > Failed transactions',
    value: at.incident.impact?.source ?? '',
    validate: (text) =>
      text ? undefined : 'A figure without a source cannot be checked. Type one, or press Esc.',
  });
  if (source === undefined) return;
  const time = await askTime('Set Impact (3/3)', 'When was it measured?', deps.now());
  if (time) await record(deps, at.incident, { type: 'SetImpact', data: { figure, source, at: time } });
};

export const setOnset: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const time = await askTime(
    'Set Onset',
    'When did the problem start?',
    at.incident.onsetAt ?? at.incident.declaredAt,
  );
  if (time) await record(deps, at.incident, { type: 'SetOnset', data: { at: time } });
};

export const markMitigated: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const time = await askTime(
    'Mark Mitigated',
    'When did users stop feeling it?',
    at.incident.mitigatedAt ?? deps.now(),
  );
  if (time) await record(deps, at.incident, { type: 'MarkMitigated', data: { at: time } });
};

export const addNote: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const text = await askText({
    title: `Note on ${at.incident.number}`,
    prompt: 'A finding, a decision, a question. It stands in the timeline with the present time.',
    validate: (given) => (given ? undefined : 'Type something, or press Esc.'),
  });
  if (text) await record(deps, at.incident, { type: 'AddNote', data: { text } });
};

/** Answers one of the guide's key questions in place; the answer is a note. */
export const answerQuestion: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const questions = (at.guide?.phases ?? [])
    .flatMap((phase) => phase.parts)
    .flatMap((part) => (part.kind === 'questions' ? part.questions : []));
  const asked = textArgument(id);
  const question = asked
    ? questions.find((candidate) => candidate.id === asked)
    : await pick(
        questions.map((candidate) => ({
          label: candidate.text,
          description: at.incident.notes.findLast((note) => note.question === candidate.id)?.text ?? 'open',
          value: candidate,
        })),
        { title: 'Answer Key Question', placeholder: 'Which question can you answer?' },
      );
  if (!question) return;
  const text = await askText({
    title: question.text,
    prompt: 'What is known? "unknown" is an answer too. Esc leaves the question open.',
    value: at.incident.notes.findLast((note) => note.question === question.id)?.text ?? '',
    validate: (given) => (given ? undefined : 'Type what is known, or press Esc.'),
  });
  if (!text) return;
  await record(deps, at.incident, {
    type: 'AddNote',
    data: { text, question: question.id, questionText: question.text },
  });
};

export const tickItem: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const items = (at.guide?.phases ?? [])
    .flatMap((phase) => phase.parts)
    .flatMap((part) => (part.kind === 'checklist' ? part.items : []));
  const asked = textArgument(id);
  const item = asked
    ? items.find((candidate) => candidate.id === asked)
    : await pick(
        items.map((candidate) => ({
          label: `${at.incident.ticked[candidate.id] ? '$(pass-filled)' : '$(circle-large-outline)'} ${candidate.text}`,
          value: candidate,
        })),
        { title: 'Tick Checklist Item', placeholder: 'Pick an item; a ticked one is opened again' },
      );
  if (!item) return;
  const data = { item: item.id, text: item.text };
  if (at.incident.ticked[item.id]) {
    await record(deps, at.incident, { type: 'UntickItem', data });
    return;
  }
  const seen = at.incident.checks[item.id];
  const found = seen ? `${oneLine(sentenceCase(seen.sentence), 200)}. ` : '';
  const note = await askText({
    title: item.text,
    prompt: `${found}How was it checked? Enter ticks it, Esc leaves it open.`,
    placeholder: 'error rate back under 0.1% since 10:40',
  });
  if (note === undefined) return;
  await record(deps, at.incident, { type: 'TickItem', data: { ...data, ...(note ? { note } : {}) } });
};

/** Marks a guide item that is only to be read or done elsewhere; a second click changes nothing. */
export const markItemDone: CommandFactory = (deps) => async (id, text) => {
  const at = await currentIncident(deps);
  const item = textArgument(id);
  if (!at || !item || at.incident.doneItems[item]) return;
  await record(deps, at.incident, { type: 'MarkItemDone', data: { item, text: textArgument(text) ?? item } });
};

export const pinTarget: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const title = `Pin Target of ${at.incident.number}`;
  const target = await askNewTarget(deps, { title }, at.incident.target);
  if (!target) return;
  await record(deps, at.incident, { type: 'PinTarget', data: { target } });
};

export const switchIncident: CommandFactory = (deps) => async (id) => {
  await deps.session.ready();
  const asked = textArgument(id) ?? subjectOf(id);
  const all = [
    ...deps.incidents.active(),
    ...deps.incidents.summaries().filter(({ status }) => status === 'resolved'),
  ];
  if (all.length === 0) {
    void vscode.window.showInformationMessage('There is no incident yet. "Incident: Declare" makes one.');
    return;
  }
  const chosen =
    asked ??
    (await pick(
      all.map((incident) => ({
        label: `${incident.severity} ${incident.title}`,
        description: `${incident.number} ${incident.status}`,
        value: incident.id,
      })),
      { title: 'Switch Incident', placeholder: 'Which incident does this window work on?' },
    ));
  if (!chosen) return;
  const opened = await deps.incidents.open(chosen);
  if (!opened.ok) {
    void vscode.window.showErrorMessage(opened.failure.message);
    return;
  }
  await deps.session.switchTo(chosen);
};
