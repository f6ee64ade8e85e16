import { openSampleEditor } from '../../support/sampleEditor.ts';
import { describeAttributes } from './attributes.suite.ts';

describeAttributes({
  name: 'the simulated production',
  open: openSampleEditor,
  target: /^simulated-production \/ production$/,
  ask: async ({ simulator }, path) => (await fetch(`${simulator.url}${path}`)).json(),
});
