import assert from 'node:assert/strict';
import { optionsOf, systemForms, type SystemForm } from '../../../../src/editor/connect/systemForms.ts';
import { slackScopes } from '../../../../src/integrations/slack/checkSlack.ts';

const formOf = (system: string): SystemForm => {
  const form = systemForms.find((each) => each.system === system);
  assert.ok(form, system);
  return form;
};
const fieldOf = (system: string, option: string) => {
  const field = formOf(system).fields.find((each) => each.option === option);
  assert.ok(field, option);
  return field;
};

describe('what a person is asked for to connect a system', () => {
  it('names every scope that Slack is asked for', () => {
    for (const scope of Object.keys(slackScopes))
      assert.ok(
        formOf('slack')
          .token.prompt.replace(/\.$/, '')
          .split(/[\s,]+/)
          .includes(scope),
        scope,
      );
  });

  it('opens the page where the token is made, on the host that is connected', () => {
    const { page } = formOf('github').token;
    assert.equal(page('https://api.github.com'), 'https://github.com/settings/personal-access-tokens/new');
    assert.equal(
      page('https://ghe.example.com/api/v3'),
      'https://ghe.example.com/settings/personal-access-tokens/new',
    );
    assert.equal(
      formOf('grafana').token.page('https://example.com/grafana/'),
      'https://example.com/grafana/org/serviceaccounts',
    );
  });

  it('opens no page of what is no web address', () => {
    for (const { token } of [formOf('github'), formOf('grafana')])
      for (const address of ['', 'javascript:alert(1)', 'file:///etc/passwd'])
        assert.equal(token.page(address), undefined);
  });

  it('checks Alertmanager and Prometheus each as the user and tenant of its own settings', () => {
    for (const system of ['alertmanager', 'prometheus'])
      assert.deepEqual(
        optionsOf(formOf(system), (key) => ` ${key} `),
        { baseUrl: `${system}.baseUrl`, user: `${system}.user`, tenant: `${system}.tenant` },
      );
  });

  it('keeps with the token whose it is, where the system wants to know', () => {
    assert.deepEqual(
      systemForms.flatMap(({ fields }) => fields.filter(({ isAccount }) => isAccount).map(({ key }) => key)),
      ['jira.email', 'pagerduty.from'],
    );
  });

  it('takes what the service could mean, and nothing else', () => {
    const repository = fieldOf('github', 'repository').validate;
    assert.equal(repository('techcorp/payments.api'), undefined);
    for (const wrong of ['', 'payments', 'https://github.com/techcorp/payments', 'a/b/c'])
      assert.match(repository(wrong) ?? '', /owner\/name/, wrong);
    const address = fieldOf('jira', 'baseUrl').validate;
    assert.equal(address('https://techcorp.atlassian.net'), undefined);
    for (const wrong of ['', 'techcorp.atlassian.net', 'ftp://techcorp.example'])
      assert.match(address(wrong) ?? '', /https/, wrong);
    assert.equal(fieldOf('pagerduty', 'from').validate('ana@techcorp.example'), undefined);
    assert.match(fieldOf('pagerduty', 'from').validate('ana') ?? '', /e-mail/);
  });
});
