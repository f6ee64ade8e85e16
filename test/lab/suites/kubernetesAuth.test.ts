import { describeKubernetesAuth } from '../../contract/suites/kubernetesAuth.suite.ts';
import { readLab } from '../labDescription.ts';

describeKubernetesAuth({
  title: 'the lab',
  async start() {
    const { kubernetes } = await readLab('kubernetes');
    return {
      server: kubernetes.server,
      authority: kubernetes.authority,
      otherName: kubernetes.otherName,
      tokens: kubernetes.tokens,
      client: kubernetes.clientCertificate,
      deployment: 'checkout',
      dispose: async () => undefined,
    };
  },
});
