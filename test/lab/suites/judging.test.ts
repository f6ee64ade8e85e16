import { readFile } from 'node:fs/promises';
import { describeJudging } from '../../editor/user/judging.suite.ts';
import { readLab } from '../labDescription.ts';

describeJudging({
  name: 'the lab cluster',
  cluster: async () => {
    const { kubernetes } = await readLab('kubernetes');
    const { server, authority, tokens } = kubernetes;
    return { server, authority: await readFile(authority, 'utf8'), token: tokens.admin };
  },
});
