import { openSampleEditor } from '../../support/sampleEditor.ts';
import { describeSpine } from './spine.suite.ts';

describeSpine({
  name: 'the simulated production',
  open: () => openSampleEditor(),
  context: 'simulated-production',
  previousLog: /heap/,
  healed: (sample) => sample.healed(),
  isHealthy: (output) =>
    !output.includes('CrashLoopBackOff') && (output.match(/1\/1\s+Running/g) ?? []).length === 10,
  pictures: true,
});
