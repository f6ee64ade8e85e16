import assert from 'node:assert/strict';
import {
  optionsOf,
  systemForms,
  type SystemForm,
  type TextSetting,
} from '../../src/editor/connect/systemForms.ts';
import { checks } from '../../src/integrations/checks.ts';
import { startOutside, type Outside, type RunningOutside } from '../../src/simulator/outside.ts';

/** What a person gives to connect a simulated system. */
interface Given {
  readonly baseUrl: string;
  readonly token: string;
  readonly settings: Readonly<Partial<Record<TextSetting, string>>>;
}

const givenFor = (outside: Outside): Record<SystemForm['system'], Given> => {
  const { slack, github, jira, statuspage, pagerduty, grafana, alertmanager, prometheus } = outside;
  const at = <T extends { readonly url: string; readonly store: { readonly token: string } }>(
    { url, store }: T,
    settings: Given['settings'] = {},
  ): Given => ({ baseUrl: url, token: store.token, settings });
  return {
    slack: at(slack),
    github: at(github, { 'github.repository': github.store.repository }),
    jira: at(jira, {
      'jira.baseUrl': jira.url,
      'jira.project': jira.store.project,
      'jira.email': jira.store.email,
      'jira.issueType': 'Task',
    }),
    statuspage: at(statuspage, { 'statuspage.pageId': statuspage.store.pages[0]?.id ?? '' }),
    pagerduty: at(pagerduty, {
      'pagerduty.service': pagerduty.store.services[0]?.id ?? '',
      'pagerduty.from': pagerduty.store.users[0]?.email ?? '',
    }),
    grafana: at(grafana, { 'grafana.baseUrl': grafana.url }),
    alertmanager: {
      baseUrl: alertmanager.url,
      token: '',
      settings: { 'alertmanager.baseUrl': alertmanager.url },
    },
    prometheus: { baseUrl: prometheus.url, token: '', settings: { 'prometheus.baseUrl': prometheus.url } },
  };
};

/** The prompts of Incident: Connect and the checks of the integrations know each other by names only: here they meet. */
describe('what is asked to connect a system', () => {
  let running: RunningOutside;
  before(async () => {
    running = await startOutside(() => Date.UTC(2026, 10, 23, 10));
  });
  after(() => running.dispose());

  for (const form of systemForms) {
    const ask = async (change: (given: Given) => Given = (given) => given) => {
      const { baseUrl, token, settings } = change(givenFor(running.outside)[form.system]);
      const check = checks[form.system];
      assert.ok(check, `nothing checks ${form.name}`);
      const options = optionsOf(form, (key) => settings[key] ?? '');
      return check(
        { baseUrl, token: token === '' ? undefined : token, options },
        new AbortController().signal,
      );
    };

    it(`is all that ${form.name} needs`, async () => {
      const checked = await ask();
      assert.ok(checked.ok, checked.ok ? '' : checked.failure.message);
      assert.notEqual(checked.value.who, '');
      assert.deepEqual(checked.value.warnings, []);
    });

    if (form.token.optional === true) continue;
    it(`is refused by ${form.name} with a wrong token, as a matter of the token`, async () => {
      const checked = await ask((given) => ({ ...given, token: 'no-such-word' }));
      assert.equal(checked.ok ? 'connected' : checked.failure.code, 'unauthorized');
    });

    const asked = [...form.fields.map(({ key }) => key), ...Object.values(form.more ?? {})];
    for (const key of asked.filter((each) => each !== form.baseUrl))
      it(`is seen to be wrong by ${form.name} when ${key} is`, async () => {
        const checked = await ask((given) => ({
          ...given,
          settings: {
            ...given.settings,
            [key]: key.endsWith('repository') ? 'no/such' : 'nosuch@example.com',
          },
        }));
        assert.ok(!checked.ok || checked.value.warnings.length > 0);
      });
  }
});
