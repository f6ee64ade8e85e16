import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hideSecrets } from '../../../../src/core/plan/words/hideSecrets.ts';

describe('secrets in a command that goes into the journal', () => {
  const hidden: readonly (readonly [written: string, kept: string])[] = [
    [
      `curl -X POST -H 'Authorization: Bearer not-real' https://a.test/x`,
      `curl -X POST -H 'Authorization: Bearer •••' https://a.test/x`,
    ],
    [`curl -H "X-Api-Key: not-real" https://a.test`, `curl -H "X-Api-Key: •••" https://a.test`],
    [`curl -H Authorization:not-real https://a.test`, `curl -H Authorization:••• https://a.test`],
    [`curl -H 'Private-Token: not "real"' https://a.test`, `curl -H 'Private-Token: •••' https://a.test`],
    ['curl -u ana:not-real https://a.test', 'curl -u ana:••• https://a.test'],
    ['curl -s -uana:not-real https://a.test', 'curl -s -uana:••• https://a.test'],
    ['curl https://a.test \\\n  -u ana:not-real', 'curl https://a.test \\\n  -u ana:•••'],
    [`curl --user 'ana:not-real' https://a.test`, `curl --user 'ana:•••' https://a.test`],
    ['git clone https://ana:not-real@a.test/x', 'git clone https://ana:•••@a.test/x'],
    ['git clone https://not-real@a.test/x', 'git clone https://•••@a.test/x'],
    ['psql postgres://app:not-real@db/shop', 'psql postgres://app:•••@db/shop'],
    ['curl "https://a.test/x?user=1&token=not-real&n=2"', 'curl "https://a.test/x?user=1&token=•••&n=2"'],
    ['curl https://hooks.slack.com/services/T0/B0/not-real', 'curl https://hooks.slack.com/services/•••'],
    ['PGPASSWORD=not-real psql -c "select 1"', 'PGPASSWORD=••• psql -c "select 1"'],
    ['export API_TOKEN="not real"; make x', 'export API_TOKEN=•••; make x'],
    ['argocd login a.test --password not-real', 'argocd login a.test --password •••'],
    ['helm upgrade --set-string x --auth-token=not-real', 'helm upgrade --set-string x --auth-token=•••'],
    ['mysql -uroot -pnot-real shop', 'mysql -uroot -p••• shop'],
    ['redis-cli -h a -a not-real ping', 'redis-cli -h a -a ••• ping'],
    [
      'kubectl create secret generic db --from-literal=url=not-real',
      'kubectl create secret generic db --from-literal=url=•••',
    ],
    [
      `kubectl patch secret db -n prod --patch '{"stringData":{"DSN":"not-real"}}'`,
      'kubectl patch secret db -n prod --patch •••',
    ],
    [
      `kubectl patch -n prod secrets/db -p "{\\"data\\":{\\"a\\":\\"not-real\\"}}"`,
      'kubectl patch -n prod secrets/db -p •••',
    ],
    [
      `kubectl patch secret db --type=json -p='[{"op":"add","path":"/data/a","value":"not-real"}]' --dry-run=server`,
      'kubectl patch secret db --type=json -p=••• --dry-run=server',
    ],
    [
      `curl -d '{"routing_key":"not-real","severity":"critical"}' https://a.test`,
      `curl -d '{"routing_key":"•••","severity":"critical"}' https://a.test`,
    ],
  ];
  for (const [written, kept] of hidden) {
    it(`are hidden in ${written}`, () => {
      assert.equal(hideSecrets(written), kept);
      assert.equal(hideSecrets(kept), kept, 'a second time changes nothing');
    });
  }

  it('leave everything else as it is, variables and placeholders that name a secret too', () => {
    for (const command of [
      'kubectl get secret db-credentials -n production -o name',
      'kubectl logs -l app=payment-service --since=10m -n production --context prod | grep -i "token expired"',
      `curl -H "Authorization: Bearer $TOKEN" https://a.test/x`,
      `curl -H 'Authorization: Bearer <token>' -H 'Accept: application/json' https://a.test/x`,
      'curl -u "$USER:$PASSWORD" https://a.test',
      'argocd login a.test --password "$ARGOCD_PASSWORD"',
      'API_TOKEN=$(vault read -field=token x) make deploy',
      'ssh ops@bastion uptime',
      `kubectl patch deployment web --patch '{"spec":{"replicas":10}}'`,
      'docker login --password-stdin registry.test',
      'git clone git@a.test:x/y.git',
      'curl "https://a.test/x?keyboard=1&page=2"',
    ])
      assert.equal(hideSecrets(command), command);
  });

  it('never throws and always ends, on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400, unit: 'binary' }),
        (text) => typeof hideSecrets(text) === 'string',
      ),
    );
    const long = `curl ${'-H "X-Token: a" '.repeat(2_000)}`;
    assert.equal(hideSecrets(long).includes('X-Token: a'), false);
  });
});
