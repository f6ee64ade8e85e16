import { parseArgs } from 'node:util';
import { messageOf } from '../core/errors.ts';
import { outsideLogins } from './outside.ts';
import { isScenarioName, scenarios } from './scenario/scenario.ts';
import { startSimulator } from './simulator.ts';

const usage = `Usage: node src/simulator/main.ts --kubeconfig FILE [--scenario ${Object.keys(scenarios).join('|')}]
       [--port N] [--speed N] [--until-stdin-closes]`;

function fail(message: string): never {
  process.stderr.write(`${message}\n${usage}\n`);
  process.exit(2);
}

function parseNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : fail(`--${name} needs a number, not "${text}".`);
}

function parseCommandLine() {
  try {
    return parseArgs({
      options: {
        kubeconfig: { type: 'string' },
        scenario: { type: 'string', default: 'payment-overload' },
        port: { type: 'string' },
        speed: { type: 'string' },
        'until-stdin-closes': { type: 'boolean', default: false },
      },
    }).values;
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
}

/** Runs a simulated production until SIGTERM or SIGINT; one JSON line on stdout tells where it is. */
async function main(): Promise<void> {
  const given = parseCommandLine();
  const kubeconfigFile =
    given.kubeconfig ?? fail('--kubeconfig is missing: say where to write the kubeconfig.');
  const scenario = given.scenario;
  if (!isScenarioName(scenario)) fail(`There is no scenario "${scenario}".`);
  const port = parseNumber('port', given.port);
  const speed = parseNumber('speed', given.speed);
  const simulator = await startSimulator({
    kubeconfigFile,
    scenario,
    ...(port === undefined ? {} : { port }),
    ...(speed === undefined || speed === 0 ? {} : { speed }),
  });
  const end = (): void => {
    void simulator.dispose().then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (given['until-stdin-closes']) {
    process.stdin.once('end', end).once('close', end).resume();
  }
  const { url, services, rds, flagService, flags, argoCd } = simulator;
  const where = {
    url,
    kubeconfig: kubeconfigFile,
    services,
    rds,
    flagService,
    flagToken: flags.token,
    argoCd: { url: argoCd.url, tokens: argoCd.tokens },
    outside: outsideLogins(simulator.outside),
  };
  process.stdout.write(`${JSON.stringify(where)}\n`);
}

main().catch((thrown: unknown) => {
  process.stderr.write(`The simulated production could not start: ${messageOf(thrown)}\n`);
  process.exit(1);
});
