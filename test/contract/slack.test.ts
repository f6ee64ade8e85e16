import { startOutside } from '../../src/simulator/outside.ts';
import { slackScopes } from '../../src/integrations/slack/checkSlack.ts';
import { describeSlack } from './suites/slack.suite.ts';
import { describeSlackFaults } from './suites/slackFaults.suite.ts';
import { describeSlackReactions } from './suites/slackReactions.suite.ts';
import type { SlackProduction } from './suites/slackKit.ts';

const simulated: SlackProduction = {
  title: 'the simulator',
  lacks: {},
  async start() {
    const { outside, dispose } = await startOutside(Date.now);
    const { url, store } = outside.slack;
    const bot = store.tokens.get(store.token);
    const other = store.tokens.get(store.userToken);
    const [, one, two] = [...store.users.values()].filter(({ isBot }) => !isBot);
    if (!bot || !other || !one || !two)
      throw new Error('The simulated Slack has not its tokens and members.');
    // The manifest's scopes and no others.
    bot.scopes = Object.keys(slackScopes);
    other.scopes = [...other.scopes, 'channels:join', 'pins:write', 'reactions:write'];
    const member = ({ id, name, email = '' }: typeof one) => ({ id, name, email });
    return {
      url,
      token: store.token,
      otherToken: store.userToken,
      members: [member(one), member(two)],
      dispose,
    };
  },
};

describeSlack(simulated);
describeSlackFaults(simulated);
describeSlackReactions(simulated);
