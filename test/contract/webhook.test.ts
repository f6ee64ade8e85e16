import { startOutside } from '../../src/simulator/outside.ts';
import { describeWebhook } from './suites/webhook.suite.ts';

describeWebhook({
  title: 'the simulator',
  async start() {
    const { outside, dispose } = await startOutside(Date.now);
    const { url, store } = outside.webhook;
    const token = 'simulated-webhook-word';
    return {
      url,
      token,
      received: (key) => store.requests.filter(({ headers }) => headers['idempotency-key'] === key),
      accepted: (key) => store.accepted.get(key) ?? 0,
      answerNext: (answer) => void store.answers.push(answer),
      dispose,
    };
  },
});
