import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { commandIds, contextKeys, settingKeys, viewIds } from '../../../src/editor/manifest.ts';

interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly views: { readonly incident: readonly { readonly id: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { scope?: string }>> };
  };
}

const root = new URL('../../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest;
const editorSources = readdirSync(new URL('src/editor', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(`src/editor/${name}`, root), 'utf8'))
  .join('\n');

describe('package.json', () => {
  it('declares every command of the table and no other', () => {
    assert.deepEqual(
      manifest.contributes.commands.map(({ command }) => command).sort(),
      [...commandIds].sort(),
    );
    for (const { command, category } of manifest.contributes.commands)
      assert.equal(category, 'Incident', command);
  });

  it('has every command of the table in the code', () => {
    const table = readFileSync(new URL('src/editor/commands/commandTable.ts', root), 'utf8');
    for (const id of commandIds) assert.ok(table.includes(`'${id}':`), id);
  });

  it('declares every setting that is read, and reads every setting it declares', () => {
    const declared = Object.keys(manifest.contributes.configuration.properties).sort();
    assert.deepEqual(declared, settingKeys.map((key) => `incident.${key}`).sort());
    for (const key of settingKeys)
      assert.ok(editorSources.includes(`'${key}'`) || extensionSource().includes(`'${key}'`), key);
  });

  it('restricts every setting that names a path, a command or a place outside, or lets something leave', () => {
    assert.deepEqual([...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort(), [
      'incident.alertmanager.baseUrl',
      'incident.alertmanager.tenant',
      'incident.alertmanager.user',
      'incident.approvals.floor',
      'incident.approvals.minutes',
      'incident.approvals.self',
      'incident.argoCd.baseUrl',
      'incident.argoCd.caFile',
      'incident.aws.profile',
      'incident.aws.region',
      'incident.escalation.automatic',
      'incident.flags.services',
      'incident.github.baseUrl',
      'incident.github.repository',
      'incident.grafana.baseUrl',
      'incident.jira.baseUrl',
      'incident.jira.email',
      'incident.jira.project',
      'incident.journal.folder',
      'incident.kubeconfig',
      'incident.metrics.queries',
      'incident.metrics.thresholds',
      'incident.pagerduty.baseUrl',
      'incident.pagerduty.from',
      'incident.pagerduty.service',
      'incident.people.file',
      'incident.postMortems.folder',
      'incident.postMortems.template',
      'incident.prometheus.baseUrl',
      'incident.prometheus.tenant',
      'incident.prometheus.user',
      'incident.shell.readOnlyCommands',
      'incident.signals.clusterChanges',
      'incident.slack.baseUrl',
      'incident.statuspage.baseUrl',
      'incident.statuspage.pageId',
      'incident.webhooks',
    ]);
  });

  it('lets only the person, and no file of a repository, call a command harmless', () => {
    const setting = manifest.contributes.configuration.properties['incident.shell.readOnlyCommands'];
    assert.equal(setting?.scope, 'application');
  });

  it('uses no context key that nothing sets', () => {
    const clauses = [
      ...manifest.contributes.commands.map(({ enablement }) => enablement ?? ''),
      ...Object.values(manifest.contributes.menus).flatMap((entries) =>
        entries.map(({ when }) => when ?? ''),
      ),
    ].join(' ');
    const used = new Set([...clauses.matchAll(/(?<![\w.])incident\.(?:is|has)\w+/g)].map(([key]) => key));
    for (const key of used) {
      assert.ok((contextKeys as readonly string[]).includes(key), `${key} is not declared`);
      assert.ok(editorSources.includes(`'${key}'`), `${key} is never set`);
    }
  });

  it('offers Run and Stop on the step rows that the trees really draw', () => {
    const rows = [
      'step',
      'step.idle',
      'step.running',
      'step.succeeded',
      'step.failed',
      'step.manual',
      'steps',
    ];
    const offered = (command: string): readonly string[] => {
      const { when = '' } =
        manifest.contributes.menus['view/item/context']?.find((entry) => entry.command === command) ?? {};
      const pattern = /viewItem =~ \/(.*?)\/(?:\s|$)/.exec(when)?.[1];
      const exact = /viewItem == (\S+)/.exec(when)?.[1];
      return rows.filter((row) => (pattern ? new RegExp(pattern).test(row) : row === exact));
    };
    assert.deepEqual(offered('incident.runStep'), [
      'step',
      'step.idle',
      'step.succeeded',
      'step.failed',
      'step.manual',
    ]);
    assert.deepEqual(offered('incident.stopRun'), ['step.running']);
  });

  it('gives every view an empty state with a button', () => {
    assert.deepEqual(
      manifest.contributes.views.incident.map(({ id }) => id),
      [...viewIds],
    );
    for (const id of viewIds) {
      const welcome = manifest.contributes.viewsWelcome.find(({ view }) => view === id);
      assert.match(welcome?.contents ?? '', /\]\(command:incident\./, id);
    }
  });
});

const extensionSource = (): string => readFileSync(new URL('src/extension.ts', root), 'utf8');
