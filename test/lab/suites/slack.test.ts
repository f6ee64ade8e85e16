import { describeSlack } from '../../contract/suites/slack.suite.ts';
import { describeSlackFaults } from '../../contract/suites/slackFaults.suite.ts';
import { describeSlackReactions } from '../../contract/suites/slackReactions.suite.ts';
import type { SlackProduction } from '../../contract/suites/slackKit.ts';
import { readLab } from '../labDescription.ts';

const lab: SlackProduction = {
  title: 'the lab’s emulate',
  lacks: {
    scopes: 'emulate does not tell a token’s scopes (x-oauth-scopes), and takes any token',
    'users.conversations': 'emulate has no users.conversations: conversations.list takes its place',
  },
  async start() {
    const { emulate } = await readLab('emulate');
    const [one, two] = emulate.slackMembers;
    if (!one || !two) throw new Error('The lab’s Slack has not the two people of its seeds.');
    return {
      url: emulate.slackUrl,
      token: emulate.token,
      otherToken: emulate.slackUserToken,
      members: [one, two],
      dispose: () => Promise.resolve(),
    };
  },
};

describeSlack(lab);
describeSlackFaults(lab);
describeSlackReactions(lab);
