import { fail, PlainFailure } from '../../scripts/cache.mjs';
import { descriptionFile, downLab, statusLab, upLab } from './lab.ts';

/** `npm run lab -- up [SYSTEM …] | down | status` */
async function main([command, ...rest]: readonly string[]): Promise<void> {
  switch (command) {
    case 'up': {
      const left = await upLab(rest);
      if (left.size > 0) process.exitCode = 1;
      console.log(`The lab is described in ${descriptionFile()}`);
      return;
    }
    case 'down':
      return downLab();
    case 'status':
      return console.log((await statusLab()).join('\n'));
    default:
      throw new PlainFailure('Usage: npm run lab -- up [SYSTEM …] | down | status');
  }
}

await main(process.argv.slice(2)).catch(fail);
process.disconnect?.();
