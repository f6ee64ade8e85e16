import assert from 'node:assert/strict';
import type { Answer, JiraUnderTest } from './jiraCalls.ts';
import { errorsOf, messagesOf, paragraph, startJira } from './jiraCalls.ts';

describe('issues of the simulated Jira', () => {
  let jira: JiraUnderTest;
  beforeEach(async () => {
    jira = await startJira();
  });
  afterEach(() => jira.dispose());
  const create = (fields: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Answer> =>
    jira.call('POST', '/issue', {
      fields: { project: { key: 'OPS' }, issuetype: { name: 'Incident' }, summary: 'x', ...fields },
      ...more,
    });
  const fieldsOf = async (key = 'OPS-1'): Promise<Record<string, unknown>> =>
    (await jira.call('GET', `/issue/${key}`)).body['fields'] as Record<string, unknown>;

  it('are created in a project that is there, of a type that it has', async () => {
    const project = await jira.call('GET', '/project/ops');
    assert.equal(project.body['key'], 'OPS');
    assert.equal((await jira.call('GET', `/project/${jira.project.id}`)).body['key'], 'OPS');
    assert.equal((await jira.call('GET', '/project/NONE')).status, 404);
    const types = await jira.call('GET', '/issue/createmeta/OPS/issuetypes');
    assert.deepEqual(
      (types.body['issueTypes'] as { name: string }[]).map(({ name }) => name),
      ['Task', 'Bug', 'Incident', 'Sub-task'],
    );
    assert.equal(types.body['total'], 4);
    const page = await jira.call('GET', '/issue/createmeta/OPS/issuetypes?startAt=3&maxResults=2');
    assert.equal((page.body['issueTypes'] as unknown[]).length, 1);
    const made = await create({
      summary: 'SEV2 Payments failing',
      description: paragraph('Since 10:00'),
      labels: ['incident', 'SEV2'],
      priority: { name: 'High' },
      assignee: { accountId: jira.account.accountId },
    });
    assert.equal(made.status, 201);
    assert.equal(made.body['key'], 'OPS-1');
    assert.equal(made.body['self'], `${jira.url}/rest/api/3/issue/${String(made.body['id'])}`);
    const fields = await fieldsOf();
    assert.equal(fields['summary'], 'SEV2 Payments failing');
    assert.deepEqual(fields['description'], paragraph('Since 10:00'));
    assert.deepEqual(fields['labels'], ['incident', 'SEV2']);
    assert.deepEqual(fields['priority'], { name: 'High' });
    assert.equal((fields['status'] as { name: string }).name, 'To Do');
    assert.equal((fields['issuetype'] as { name: string }).name, 'Incident');
    assert.equal((fields['assignee'] as { displayName: string }).displayName, 'On Call');
    assert.equal(fields['created'], '2026-11-23T10:00:00.000+0000');
    assert.equal((await create({})).body['key'], 'OPS-2');
  });

  it('are checked field by field', async () => {
    const failing = async (fields: Record<string, unknown>): Promise<Record<string, string>> => {
      const refused = await create(fields);
      assert.equal(refused.status, 400, JSON.stringify(fields));
      assert.deepEqual(messagesOf(refused), []);
      return errorsOf(refused);
    };
    const document = 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
    const onScreen = (name: string): string =>
      `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
    for (const [fields, errors] of [
      [{ project: undefined }, { project: 'Specify a valid project ID or key' }],
      [{ project: { key: 'NONE' } }, { project: 'Specify a valid project ID or key' }],
      [{ issuetype: undefined }, { issuetype: 'Specify an issue type' }],
      [{ issuetype: { name: 'Story' } }, { issuetype: 'The issue type selected is invalid.' }],
      [{ summary: undefined }, { summary: 'You must specify a summary of the issue.' }],
      [{ summary: ' ' }, { summary: 'You must specify a summary of the issue.' }],
      [{ summary: 7 }, { summary: 'Operation value must be a string' }],
      [{ summary: 'x'.repeat(256) }, { summary: "Summary can't exceed 255 characters." }],
      [{ summary: 'a\nb' }, { summary: 'The summary is invalid because it contains newline characters.' }],
      [{ description: 'text' }, { description: document }],
      [{ description: { type: 'doc', content: [] } }, { description: document }],
      [{ labels: 'a' }, { labels: 'data was not an array' }],
      [{ labels: ['a', 1] }, { labels: 'string expected at index 1' }],
      [{ labels: ['a b'] }, { labels: "The label 'a b' contains spaces which is invalid." }],
      [{ priority: { name: 'P1' } }, { priority: 'The priority selected is invalid.' }],
      [{ assignee: { accountId: 'nobody' } }, { assignee: "User 'nobody' does not exist." }],
      [
        { severity: 'SEV1', summary: '' },
        { severity: onScreen('severity'), summary: 'You must specify a summary of the issue.' },
      ],
    ] as const)
      assert.deepEqual(await failing(fields), errors);
    jira.project.screenFields.delete('labels');
    assert.deepEqual(await failing({ labels: ['a'] }), { labels: onScreen('labels') });
    jira.project.requiredFields.add('priority');
    assert.deepEqual(await failing({}), { priority: 'priority is required.' });
    assert.equal(jira.store.issues.size, 0);
    const nothing = await jira.call('POST', '/issue', {});
    assert.deepEqual(messagesOf(nothing), ["one of 'fields' or 'update' required"]);
    assert.equal((await create({ summary: 'x'.repeat(255), priority: { id: '1' } })).status, 201);
  });

  it('have descriptions whose every node is in its place', async () => {
    const doc = (...content: unknown[]): Record<string, unknown> => ({ type: 'doc', version: 1, content });
    const text = (words: string, ...marks: unknown[]): unknown =>
      marks.length === 0 ? { type: 'text', text: words } : { type: 'text', text: words, marks };
    const inParagraph = (...content: unknown[]): unknown => ({ type: 'paragraph', content });
    const link = { type: 'link', attrs: { href: 'https://e.example' } };
    for (const good of [
      doc(),
      doc(inParagraph()),
      doc(inParagraph(text('a', link), { type: 'hardBreak' }, text('b', { type: 'code' }, link))),
      doc({ type: 'heading', attrs: { level: 2 }, content: [text('h')] }),
      doc({
        type: 'bulletList',
        content: [{ type: 'listItem', content: [inParagraph(text('x'))] }],
      }),
      doc({ type: 'panel', attrs: { panelType: 'error' }, content: [inParagraph(text('x'))] }),
      doc(
        { type: 'codeBlock', attrs: { language: 'sh' }, content: [text('kubectl get pods')] },
        { type: 'rule' },
      ),
    ])
      assert.equal((await create({ description: good })).status, 201, JSON.stringify(good));
    for (const bad of [
      doc(text('no paragraph')),
      doc(inParagraph(text(''))),
      doc({ type: 'heading', content: [text('h')] }),
      doc({ type: 'heading', attrs: { level: 7 }, content: [text('h')] }),
      doc({ type: 'bulletList', content: [inParagraph(text('x'))] }),
      doc({ type: 'bulletList', content: [] }),
      doc({ type: 'marquee' }),
      doc(inParagraph(text('x', { type: 'blink' }))),
      doc(inParagraph(text('x', { type: 'link' }))),
      doc(inParagraph(text('x', { type: 'code' }, { type: 'strong' }))),
      doc({ type: 'panel', attrs: { panelType: 'loud' }, content: [inParagraph(text('x'))] }),
      doc({ type: 'codeBlock', content: [{ type: 'hardBreak' }] }),
    ]) {
      const refused = await create({ description: bad });
      assert.equal(refused.status, 400, JSON.stringify(bad));
      assert.deepEqual(messagesOf(refused), ['INVALID_INPUT']);
    }
    const long = await create({ description: paragraph('x'.repeat(32_768)) });
    assert.match(errorsOf(long)['description'] ?? '', /32,767 characters/);
  });

  it('take properties at once, or later, and give them back at once', async () => {
    await create({}, { properties: [{ key: 'incident', value: { delivery: 'k1' } }] });
    jira.store.index.lag = 60_000;
    const path = '/issue/OPS-1/properties/incident';
    assert.deepEqual((await jira.call('GET', path)).body, { key: 'incident', value: { delivery: 'k1' } });
    assert.equal((await jira.call('PUT', path, { delivery: 'k2' })).status, 200);
    assert.equal((await jira.call('PUT', '/issue/OPS-1/properties/other', [1])).status, 201);
    const issue = await jira.call('GET', '/issue/OPS-1?fields=summary&properties=incident');
    assert.deepEqual(issue.body['properties'], { incident: { delivery: 'k2' } });
    assert.deepEqual(issue.body['fields'], { summary: 'x' });
    const missing = await jira.call('GET', '/issue/OPS-1/properties/none');
    assert.equal(missing.status, 404);
    assert.deepEqual(messagesOf(missing), ["The property with key 'none' does not exist."]);
    assert.equal((await jira.call('PUT', path, 'null')).status, 400);
    assert.equal((await jira.call('PUT', path, { long: 'x'.repeat(32_768) })).status, 400);
    assert.equal((await jira.call('PUT', `/issue/OPS-1/properties/${'k'.repeat(256)}`, {})).status, 400);
    assert.equal((await create({}, { properties: [{ key: 'a' }] })).status, 400);
  });

  it('are edited: fields set, labels added and taken away', async () => {
    await create({ labels: ['a'] });
    const put = (body: unknown): Promise<Answer> => jira.call('PUT', '/issue/OPS-1', body);
    const edited = await put({
      fields: { summary: 'y', description: null, priority: { name: 'Low' } },
      update: { labels: [{ add: 'b' }, { remove: 'a' }] },
      properties: [{ key: 'incident', value: 1 }],
    });
    assert.equal(edited.status, 204);
    const fields = await fieldsOf();
    assert.equal(fields['summary'], 'y');
    assert.equal(fields['description'], null);
    assert.deepEqual(fields['labels'], ['b']);
    assert.deepEqual(fields['priority'], { name: 'Low' });
    assert.equal(jira.store.issues.values().next().value?.properties.get('incident'), 1);
    assert.equal((await put({ update: { labels: [{ set: ['c'] }] } })).status, 204);
    assert.deepEqual((await fieldsOf())['labels'], ['c']);
    for (const [body, field] of [
      [{ fields: { status: { name: 'Done' } } }, 'status'],
      [{ update: { labels: [{ add: 'a b' }] } }, 'labels'],
      [{ update: { labels: [{ replace: 'a' }] } }, 'labels'],
      [{ update: { comment: [] } }, 'comment'],
      [{ fields: { labels: [] }, update: { labels: [] } }, 'labels'],
      [{ fields: { summary: 'a\nb' } }, 'summary'],
    ] as const) {
      const refused = await put(body);
      assert.equal(refused.status, 400, JSON.stringify(body));
      assert.deepEqual(Object.keys(errorsOf(refused)), [field]);
    }
    assert.equal((await jira.call('PUT', '/issue/OPS-9', { fields: {} })).status, 404);
  });

  it('move by the transitions that are open', async () => {
    await create({});
    jira.project.transitions = [
      { id: '21', name: 'Start', from: '10000', to: '10001' },
      { id: '31', name: 'Close', from: '10001', to: '10002' },
    ];
    const open = async (): Promise<unknown> =>
      ((await jira.call('GET', '/issue/OPS-1/transitions')).body['transitions'] as { id: string }[]).map(
        ({ id }) => id,
      );
    const move = (body: unknown): Promise<Answer> => jira.call('POST', '/issue/OPS-1/transitions', body);
    assert.deepEqual(await open(), ['21']);
    const early = await move({ transition: { id: '31' } });
    assert.equal(early.status, 400);
    assert.deepEqual(messagesOf(early), ["Transition id '31' is not valid for this issue."]);
    assert.deepEqual(messagesOf(await move({})), ["Missing 'transition' identifier"]);
    assert.equal((await move({ transition: { id: '21' } })).status, 204);
    assert.deepEqual(await open(), ['31']);
    assert.equal((await move({ transition: { id: '31' } })).status, 204);
    const status = (await fieldsOf())['status'] as { name: string; statusCategory: { key: string } };
    assert.equal(status.name, 'Done');
    assert.equal(status.statusCategory.key, 'done');
  });

  it('take comments that are documents', async () => {
    await create({});
    const path = '/issue/OPS-1/comment';
    const made = await jira.call('POST', path, { body: paragraph('first') });
    assert.equal(made.status, 201);
    assert.equal((made.body['author'] as { displayName: string }).displayName, 'On Call');
    await jira.call('POST', path, { body: paragraph('second') });
    const listed = await jira.call('GET', `${path}?startAt=1`);
    assert.equal(listed.body['total'], 2);
    assert.deepEqual((listed.body['comments'] as { body: unknown }[])[0]?.body, paragraph('second'));
    const newest = await jira.call('GET', `${path}?orderBy=-created&maxResults=1`);
    assert.deepEqual((newest.body['comments'] as { body: unknown }[])[0]?.body, paragraph('second'));
    for (const [body, said] of [
      [{ body: 'text' }, 'Comment body is not valid!'],
      [{ body: { type: 'doc', version: 1, content: [{ type: 'x' }] } }, 'INVALID_INPUT'],
    ] as const)
      assert.deepEqual(messagesOf(await jira.call('POST', path, body)), [said]);
    for (const body of [{}, { body: '' }, { body: { type: 'doc', version: 1, content: [] } }])
      assert.deepEqual(errorsOf(await jira.call('POST', path, body)), {
        comment: 'Comment body can not be empty!',
      });
    const long = await jira.call('POST', path, { body: paragraph('x'.repeat(32_768)) });
    assert.match(errorsOf(long)['comment'] ?? '', /32,767/);
  });

  it('take a link once under its global id', async () => {
    await create({});
    const path = '/issue/OPS-1/remotelink';
    const link = (title: string): unknown => ({
      globalId: 'incident=01ABC',
      relationship: 'incident',
      object: { url: 'https://example.com/incidents/1', title },
    });
    const made = await jira.call('POST', path, link('one'));
    assert.equal(made.status, 201);
    const again = await jira.call('POST', path, link('two'));
    assert.equal(again.status, 200);
    assert.equal(again.body['id'], made.body['id']);
    const bare = { object: { url: 'https://example.com/other', title: 'other' } };
    for (const status of [201, 201]) assert.equal((await jira.call('POST', path, bare)).status, status);
    const all = (await jira.call('GET', path)).body as unknown as { object: { title: string } }[];
    assert.deepEqual(
      all.map(({ object }) => object.title),
      ['two', 'other', 'other'],
    );
    const one = await jira.call('GET', `${path}?globalId=${encodeURIComponent('incident=01ABC')}`);
    assert.equal(one.body['globalId'], 'incident=01ABC');
    assert.equal((await jira.call('GET', `${path}?globalId=none`)).status, 404);
    for (const [body, field] of [
      [{ object: { title: 'x' } }, 'url'],
      [{ object: { url: 'https://e.example' } }, 'title'],
      [{ object: { url: 'nowhere', title: 'x' } }, 'url'],
      [{ object: { url: 'https://e.example', title: 'x'.repeat(256) } }, 'title'],
      [{ globalId: 'x'.repeat(256), object: { url: 'https://e.example', title: 'x' } }, 'globalId'],
    ] as const) {
      const refused = await jira.call('POST', path, body);
      assert.equal(refused.status, 400);
      assert.deepEqual(Object.keys(errorsOf(refused)), [field]);
    }
  });
});
