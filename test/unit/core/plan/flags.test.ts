import assert from 'node:assert/strict';
import type { FlagService } from '../../../../src/core/plan/curl/flagService.ts';
import type { FlagPlan } from '../../../../src/core/plan/plan.ts';
import { missingOf, planOf, trapsOf } from './planOf.ts';

const base = 'https://feature-flags.techcorp.internal';
const line = `curl -X POST ${base}/api/flags/<feature>/disable`;
const own: FlagService = {
  kind: 'generic',
  baseUrl: base,
  token: 'FLAG_TOKEN',
  readUrl: '/api/flags/{flag}?env={environment}',
  enableUrl: 'https://other.test/{project}/{flag}/enable',
  environment: 'production',
};
const values = { feature: 'new checkout' };

const flagPlan = (
  command: string,
  service: FlagService,
  filled: Record<string, string> = values,
): FlagPlan => {
  const plan = planOf(command, { flagServices: [service], values: filled });
  assert.ok(plan.kind === 'flag', `became a ${plan.kind} plan`);
  return plan;
};

describe('planning feature flags', () => {
  it('knows the guide’s line for a flag at a configured address', () => {
    const { action, ...plan } = flagPlan(line, own);
    const authorization = [['Authorization', 'Bearer ${FLAG_TOKEN}']];
    assert.deepEqual(action, {
      provider: 'generic',
      flag: 'new checkout',
      want: 'disabled',
      project: undefined,
      environment: 'production',
      request: {
        method: 'POST',
        url: `${base}/api/flags/new%20checkout/disable`,
        headers: authorization,
        body: undefined,
      },
      read: {
        method: 'GET',
        url: `${base}/api/flags/new%20checkout?env=production`,
        headers: authorization,
        body: undefined,
      },
      opposite: {
        method: 'POST',
        url: 'https://other.test/default/new%20checkout/enable',
        headers: authorization,
        body: undefined,
      },
    });
    assert.deepEqual([plan.risk, plan.secrets, trapsOf({ ...plan, action })], ['change', ['FLAG_TOKEN'], []]);
    assert.equal(
      plan.preview,
      `curl -X POST -H "Authorization: Bearer \${FLAG_TOKEN}" ${base}/api/flags/new%20checkout/disable`,
    );
  });

  it('asks for the flag first, and has it in every address afterwards', () => {
    const plan = flagPlan(line, own, {});
    assert.deepEqual(missingOf(plan), ['feature:flag']);
    assert.equal(plan.action.flag, '<feature>');
    assert.match(plan.action.read?.url ?? '', /\/api\/flags\/<feature>\?env=production$/);
  });

  it('leaves the line a request, with a hint, when no service is configured', () => {
    const plan = planOf(line, { values });
    assert.equal(plan.kind, 'http');
    assert.deepEqual(trapsOf(plan), ['no-credentials', 'cannot-verify']);
    assert.deepEqual(trapsOf(planOf('curl -X POST https://a.test/jobs/nightly/disable')), ['no-credentials']);
  });

  it('says what cannot be known or taken back where the settings do not tell', () => {
    const { readUrl: _read, enableUrl: _enable, token: _token, ...bare } = own;
    const plan = flagPlan(line, bare);
    assert.deepEqual(trapsOf(plan), ['no-credentials', 'cannot-verify']);
    assert.deepEqual([plan.action.read, plan.action.opposite], [undefined, undefined]);
  });

  it('takes the guide’s own credentials before the configured token', () => {
    const plan = flagPlan(`curl -X POST -H "X-Api-Key: $OWN_TOKEN" ${base}/api/flags/a/enable`, own);
    assert.deepEqual(plan.secrets, ['OWN_TOKEN']);
    assert.deepEqual(plan.action.read?.headers, [['X-Api-Key', '$OWN_TOKEN']]);
    assert.equal(plan.action.opposite, undefined);
  });

  it('turns the guide’s line into Unleash’s own request', () => {
    const service = { kind: 'unleash', baseUrl: base, apiUrl: 'https://unleash.test/', token: 'U_TOKEN', environment: 'production' } as const; // prettier-ignore
    const { action, preview } = flagPlan(line, service);
    const feature = 'https://unleash.test/api/admin/projects/default/features/new%20checkout';
    assert.deepEqual(
      [action.request, action.read, action.opposite].map((each) => `${each?.method} ${each?.url}`),
      [
        `POST ${feature}/environments/production/off`,
        `GET ${feature}`,
        `POST ${feature}/environments/production/on`,
      ],
    );
    assert.deepEqual(action.request.headers, [['Authorization', '${U_TOKEN}']]);
    assert.equal(
      preview,
      `curl -X POST -H "Authorization: \${U_TOKEN}" ${feature}/environments/production/off`,
    );
  });

  it('turns the guide’s line into LaunchDarkly’s semantic patch', () => {
    const service = { kind: 'launchdarkly', baseUrl: base, project: 'shop', environment: 'prod' } as const;
    const { action } = flagPlan(line, service, { feature: 'a' });
    assert.equal(`${action.request.method} ${action.request.url}`, `PATCH ${base}/api/v2/flags/shop/a`);
    assert.deepEqual(JSON.parse(action.request.body ?? ''), {
      environmentKey: 'prod',
      instructions: [{ kind: 'turnFlagOff' }],
    });
    assert.equal(action.read?.url, `${base}/api/v2/flags/shop/a?env=prod`);
    assert.match(action.opposite?.body ?? '', /turnFlagOn/);
  });

  it('reads a guide that speaks the service’s API already, and sends it as it stands', () => {
    const unleash = `${base}/api/admin/projects/shop/features/a/environments/prod/on`;
    const first = flagPlan(`curl -X POST -H "Authorization: $U_TOKEN" ${unleash}`, {
      kind: 'unleash',
      baseUrl: base,
    });
    assert.deepEqual(
      [first.action.project, first.action.flag, first.action.environment, first.action.want],
      ['shop', 'a', 'prod', 'enabled'],
    );
    assert.equal(first.action.request.url, unleash);
    const patch = `{"environmentKey":"prod","instructions":[{"kind":"turnFlagOff"}]}`;
    const second = flagPlan(
      `curl -X PATCH ${base}/api/v2/flags/shop/a -H "Authorization: $L_TOKEN" -H 'Content-Type: application/json; domain-model=launchdarkly.semanticpatch' -d '${patch}'`,
      { kind: 'launchdarkly', baseUrl: base },
    );
    assert.deepEqual(
      [second.action.want, second.action.environment, second.action.request.body],
      ['disabled', 'prod', patch],
    );
  });

  it('leaves what it cannot be sure of a plain request', () => {
    const kind = (command: string, service = own): string =>
      planOf(command, { values, flagServices: [service] }).kind;
    assert.equal(kind(`curl ${base}/api/flags/a/disable`), 'http', 'a read');
    assert.equal(kind(`curl -X POST ${base}.evil.test/api/flags/a/disable`), 'http', 'another host');
    assert.equal(kind(`curl -X POST ${base}/api/flags/a/archive`), 'http', 'another act');
    assert.equal(kind(`curl -X POST ${base}/api/flags/a/disable | grep ok`), 'http', 'filtered');
    assert.equal(kind(`curl -k -X POST ${base}/api/flags/a/disable`), 'http', 'another way');
    const { environment: _none, ...unleash } = { ...own, kind: 'unleash' as const };
    const unplaced = planOf(line, { values, flagServices: [unleash] });
    assert.equal(unplaced.kind, 'http');
    assert.match(unplaced.traps.map(({ message }) => message).join(), /name no environment/);
  });
});
