import * as vscode from 'vscode';
import { planStep } from '../../core/plan/planStep.ts';
import { valuesOfIncident } from '../../core/plan/words/placeholders.ts';
import { describePlan } from '../../core/views/planText.ts';
import { planningOf } from '../runs/planning.ts';
import type { Session } from '../session.ts';
import { toRange } from '../guides/toRange.ts';
import { markdown, type GuideDocuments } from './guideDocuments.ts';

/** A command's plan in short, with what the incident at hand fills in. Nothing is asked of any system. */
export function registerPlanHover(documents: GuideDocuments, session: Session): vscode.Disposable {
  return vscode.languages.registerHoverProvider(markdown, {
    provideHover: (document, position) => {
      const open = documents.read(document);
      const line = position.line + 1;
      const found = open?.steps.find(
        ({ located }) => located?.offsetAt(line, position.character + 1) !== undefined,
      );
      if (!found?.located) return undefined;
      const incident = session.current();
      const { service, target = {}, values = {} } = incident ?? {};
      const { namespace } = target;
      const plan = planStep(found.step, {
        ...planningOf(incident),
        target,
        values: {
          ...valuesOfIncident({ ...(service ? { service } : {}), ...(namespace ? { namespace } : {}) }),
          ...values,
        },
      });
      const { command, rows } = describePlan(found.step, plan, 'short');
      const text = new vscode.MarkdownString();
      text.appendCodeblock(command, 'shellscript');
      for (const { label, lines } of rows) {
        text.appendMarkdown(`\n\n**${label}** `);
        text.appendMarkdown(lines.map(asWritten).join('; '));
      }
      const { located } = found;
      return new vscode.Hover(text, toRange(located.range(0, located.text.trimEnd().length)));
    },
  });
}

/** Guides are foreign text: it is shown as it is, never as Markdown or HTML, and wraps where it must. */
const asWritten = (text: string): string =>
  text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|~$<>&]/g, (char) =>
      char === '<' ? '&lt;' : char === '&' ? '&amp;' : `\\${char}`,
    );
