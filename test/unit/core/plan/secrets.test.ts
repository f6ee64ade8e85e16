import assert from 'node:assert/strict';
import { refusalAmong } from '../../../../src/core/plan/words/refuseToKeep.ts';
import { httpPlan, missingOf, planOf, shellPlan, why } from './planOf.ts';

const url = 'https://api.example.test/x';

describe('secrets by reference', () => {
  for (const [command, preview = command] of [
    [`curl -H "Authorization: Bearer $API_TOKEN" ${url}`],
    [`curl -H "X-Api-Key: \${API_KEY}" ${url}`],
    [`curl -H X-Api-Key:$API_KEY ${url}`, `curl -H "X-Api-Key: $API_KEY" ${url}`],
    [`curl -u ana:$DB_PASSWORD ${url}`],
    [`curl -u "$BASIC_AUTH:" ${url}`],
    [`curl ${url}?token=$API_TOKEN`, `curl "${url}?token=$API_TOKEN"`],
    [
      `curl -X POST -d "{\\"key\\":\\"$API_KEY\\"}" ${url}`,
      `curl -X POST -H 'Content-Type: application/x-www-form-urlencoded' --data-raw "{\\"key\\":\\"$API_KEY\\"}" ${url}`,
    ],
  ] as readonly [string, string?][])
    it(`keeps the name alone of ${command}`, () => {
      const plan = httpPlan(command, {
        values: { 'api-token': 'never', 'api-key': 'never', 'db-password': 'never' },
      });
      const [name] = /[A-Z_]{4,}/.exec(command.replace('POST', '')) ?? [];
      assert.deepEqual([plan.secrets, plan.missing], [[name], []]);
      assert.equal(plan.preview, preview);
      assert.doesNotMatch(JSON.stringify(plan), /never/);
      assert.deepEqual({ ...httpPlan(plan.preview), original: '' }, { ...plan, original: '' });
    });

  for (const [command, because] of [
    [`curl https://$HOST_TOKEN/x`, /host of its URL is a secret/],
    [`curl $WEBHOOK_TOKEN`, /host of its URL is a secret/],
    [`curl https://a.$API_TOKEN.test/x`, /host of its URL is a secret/],
    [`curl --data-urlencode "key=$API_KEY" ${url}`, /secret in --data-urlencode/],
    [`curl --cacert $TLS_SECRET ${url}`, /secret in --cacert/],
    [`curl ${url} | grep $API_TOKEN`, /gets a secret/],
    [`curl -H "X-Api-Key: $API_KEY" -d '$API_KEY' ${url}`, /same name as plain text/],
    ['kubectl exec web-1 -- env TOKEN=$API_TOKEN true', /kubectl gets a secret/],
  ] as const)
    it(`leaves to the shell, with the name alone: ${command}`, () => {
      const plan = shellPlan(command);
      assert.match(why(plan), because);
      assert.equal(plan.secrets?.length, 1);
      assert.deepEqual(plan.missing, []);
      assert.equal(plan.script, command);
    });

  it('still refuses to ask for a placeholder that is named like one', () => {
    const plan = planOf(`curl -H 'Authorization: Bearer <api-token>' ${url}`);
    assert.deepEqual(missingOf(plan), ['api-token:text']);
    assert.match(refusalAmong(plan.missing) ?? '', /Write \$API_TOKEN in the guide/);
  });

  it('knows PowerShell’s way to name them', () => {
    const secrets = (command: string) => planOf(command, { step: { language: 'powershell' } });
    const plan = secrets('irm https://a.test -Headers @{ Authorization = "Bearer $env:API_TOKEN" }');
    assert.deepEqual(plan.secrets, ['API_TOKEN']);
    assert.equal(secrets('$env:API_TOKEN = "x"; echo $env:API_TOKEN').secrets, undefined);
  });

  it('still asks for variables that are no secrets', () => {
    const plan = planOf(`curl -H "Authorization: Bearer $API_TOKEN" https://a.test/$REGION`);
    assert.deepEqual([missingOf(plan), plan.secrets], [['region:text'], ['API_TOKEN']]);
  });

  it('takes a name between single quotes for plain text, as a shell does', () => {
    const plan = httpPlan(`curl -H 'Authorization: Bearer $API_TOKEN' ${url}`);
    assert.equal(plan.secrets, undefined);
    assert.deepEqual(plan.headers, [['Authorization', 'Bearer $API_TOKEN']]);
  });
});
