import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FlagService } from '../../../src/core/plan/curl/flagService.ts';
import { kubectlChanges } from '../../../src/core/plan/kubectl/kubectlChanges.ts';
import { kubectlReads } from '../../../src/core/plan/kubectl/kubectlReads.ts';
import { planOf, why } from '../core/plan/planOf.ts';

const page = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8');

interface Section {
  readonly title: string;
  readonly text: string;
}

interface Example {
  readonly section: string;
  readonly command: string;
  /** `kubernetes, read`; `shell` alone, for its risk is not the page's business. */
  readonly expected: string;
  readonly services: readonly FlagService[];
}

const sections: readonly Section[] = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf('\n')), text }));

/** The marked fences in their order; examples below a fence of services are planned with these. */
const examples: readonly Example[] = sections.flatMap(({ title, text }) => {
  let services: readonly FlagService[] = [];
  return [...text.matchAll(/^<!-- (native: |)(.+) -->\n```\w+\n([\s\S]*?)^```$/gm)].flatMap(
    ([, native = '', marker = '', content = '']) => {
      if (native === '' && marker === 'services') {
        services = JSON.parse(content) as readonly FlagService[];
        return [];
      }
      return content
        .split('\n')
        .filter((line) => line !== '')
        .map((command) => ({ section: title, command, expected: marker, services }));
    },
  );
});

const target = {
  context: 'sim',
  namespace: 'production',
  awsProfile: 'shop',
  awsRegion: 'eu-central-1',
};

/** The flags of a command: `--tail=100` is `--tail`, `-fvalue` is `-f`; behind ` -- ` they are another command's. */
const flagsOf = (command: string): readonly string[] =>
  command
    .replace(/'[^']*'|"[^"]*"/g, 'quoted')
    .replace(/ -- .*$/, '')
    .split(/\s+/)
    .flatMap((word) => /^(?:--[a-z][\w.-]*|-[a-zA-Z#46])/.exec(word)?.[0] ?? []);

describe('docs/commands.md', () => {
  it('has every fence of commands marked, and examples for each kind of plan', () => {
    const fences = page.match(/^```sh$/gm)?.length;
    assert.equal(page.match(/^<!-- (?:native: .+|shell) -->\n```sh$/gm)?.length, fences);
    const kinds = new Set(examples.map(({ expected }) => expected.replace(/,.*/, '')));
    assert.deepEqual([...kinds].sort(), ['argocd', 'flag', 'http', 'kubernetes', 'rds', 'shell']);
  });

  for (const { command, expected, services, section } of examples)
    it(`${section}: ${command}`, () => {
      const plan = planOf(command, { target, flagServices: services });
      const found = plan.kind === 'shell' ? plan.kind : `${plan.kind}, ${plan.risk}`;
      assert.equal(found, expected, why(plan));
    });

  for (const { title, text } of sections)
    it(`gives an example of each flag that a table names: ${title}`, () => {
      const named = text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => flagsOf(code)))
        .filter((flag) => flag !== '-5');
      const shown = new Set(
        examples
          .filter((example) => example.section === title && example.expected !== 'shell')
          .flatMap(({ command }) => flagsOf(command.replaceAll(' | ', ' '))),
      );
      assert.deepEqual(
        [...new Set(named)].filter((flag) => !shown.has(flag)),
        [],
      );
    });

  for (const [verb, { flags }] of Object.entries({ ...kubectlReads, ...kubectlChanges }))
    it(`shows every flag that a plan of kubectl ${verb} knows`, () => {
      const used = new Set(
        examples
          .filter(({ command, expected }) => command.startsWith(`kubectl ${verb} `) && expected !== 'shell')
          .flatMap(({ command }) => flagsOf(command)),
      );
      const absent = flags.filter(
        ({ name, short }) => !used.has(`--${name}`) && !(short !== undefined && used.has(`-${short}`)),
      );
      assert.deepEqual(
        absent.map(({ name }) => name),
        [],
      );
    });

  it('names no setting of a flag service that is not there', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      contributes: {
        configuration: {
          properties: Record<string, { items: { properties: Record<string, { enum?: string[] }> } }>;
        };
      };
    };
    const known = manifest.contributes.configuration.properties['incident.flags.services']?.items.properties;
    const services = examples.flatMap((example) => example.services);
    const unknown = services.flatMap((service) => Object.keys(service)).filter((key) => !known?.[key]);
    assert.deepEqual(unknown, []);
    assert.deepEqual(
      [...new Set(services.map(({ kind }) => kind))].sort(),
      known?.['kind']?.enum?.toSorted(),
    );
  });
});
