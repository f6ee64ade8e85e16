import { assemblePhases, gatherParts } from './assemblePhases.ts';
import { readCadence } from './cadence.ts';
import { readContacts } from './contacts.ts';
import { recurringSeverities } from './deadlines.ts';
import { parseFrontmatter } from './frontmatter.ts';
import type { Guide, Runbook } from './guide.ts';
import { createIds, slug } from './ids.ts';
import { readInputComments } from './inputComments.ts';
import { readInputs } from './inputs.ts';
import { resolveLinks } from './links.ts';
import { readBlocks } from './markdown.ts';
import { findPhases } from './phases.ts';
import { createProblems } from './report.ts';
import { readRunbooks } from './runbooks.ts';
import { buildSections, type Section } from './sections.ts';
import { readEscalations, readSeverities } from './severities.ts';
import { createFindSeverities } from './severityNames.ts';
import { reportUnused } from './scopedInput.ts';
import { readStepDocument, withStepDocument } from './stepDocument.ts';
import { numberSteps } from './steps.ts';
import { hasSiteBlocks, withoutSiteIndent } from './siteMarkup.ts';
import { collectTables } from './tables.ts';
import { fileTitle, reportWhole } from './wholeFile.ts';

/**
 * Reads an incident guide, or a whole-file alert runbook, from Markdown (CommonMark with tables): by its structure, and
 * by markers where it has them. `file` is kept as given and resolves relative links. Lines are 1-based.
 * Never throws: what cannot be read becomes a problem, and the rest is there. Time is linear in the text.
 */
export function parseGuide(source: string, options: { file: string }): Guide {
  const { report, list } = createProblems();
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const lines = (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).split('\n');
  const { values: frontmatter, bodyLine } = parseFrontmatter(lines);
  const inputs = readInputs(lines, bodyLine, report);
  const markdown = hasSiteBlocks(text) ? withoutSiteIndent(lines, bodyLine) : lines;
  const { blocks, links } = readBlocks(markdown, bodyLine, report);
  const { root, markers, inputs: declared } = buildSections(blocks, lines.length, report);
  const title = titleOf(root) ?? frontmatter['title'];

  const tables = collectTables(root);
  const severities = readSeverities(tables, report);
  const escalations = readEscalations(tables, severities, report);
  const { contacts, sources } = readContacts(tables, [severities.source, escalations.source], report);
  const findSeverities = createFindSeverities(severities.items);

  const phaseHeadings = findPhases(root, findSeverities, report);
  const recurring = new Set(
    markers.filter(({ name }) => name === 'recurring').flatMap(({ args }) => findSeverities(args.join(' '))),
  );
  for (const { section, kind } of phaseHeadings)
    for (const content of kind === 'post-mortem' ? section.content : [])
      if (content.kind === 'paragraph')
        for (const name of recurringSeverities(content.text, findSeverities)) recurring.add(name);

  const phaseSections = new Set<Section>(phaseHeadings.map(({ section }) => section));
  const isPhase = (section: Section) => phaseSections.has(section);
  const ids = createIds();
  const parts = gatherParts(root, phaseHeadings, {
    report,
    severities: findSeverities,
    isRecurring: (name) => recurring.has(name),
    escalation: escalations.source?.content,
    knownTables: new Set(
      [severities.source, ...sources].flatMap((placed) => (placed ? [placed.content] : [])),
    ),
  });
  const { phases, templates, deadlines } = assemblePhases(phaseHeadings, parts, ids);
  const runbooks = readRunbooks(root, {
    report,
    isPhase,
    fallbackTitle: title ?? fileTitle(options.file),
    lines,
  }).map((draft): Runbook => {
    const id = ids(slug(draft.title));
    const steps = numberSteps(id, draft.steps, ids);
    const { title, line, source, about } = draft;
    // Field by field, as steps are numbered.
    return draft.proseOnly
      ? { id, title, line, source, about, proseOnly: true, steps }
      : { id, title, line, source, about, steps };
  });
  const read = {
    file: options.file,
    title,
    frontmatter,
    severities: severities.items,
    escalations: escalations.items,
    phases,
    runbooks,
    contacts,
    links: resolveLinks(links, options.file),
    deadlines,
    cadence: readCadence(root, phaseHeadings),
    templates,
  };
  const runbookLines = new Set(runbooks.map(({ line }) => line));
  const isRunbook = ({ level, line }: Section) => level > 0 && runbookLines.has(line);
  const comments = readInputComments(declared, isRunbook, report);
  const guide = withStepDocument(read, readStepDocument(frontmatter, inputs), comments);
  reportUnused(comments, guide, report);
  reportWhole(guide, source, report);
  return { ...guide, problems: list() };
}

function titleOf(root: Section): string | undefined {
  for (const { level, heading } of root.below) if (level === 1 && heading !== '') return heading;
  return undefined;
}
