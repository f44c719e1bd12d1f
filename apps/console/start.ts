import { existsSync } from 'node:fs';
import { codeOf } from '#decider';
import { httpsUrl, httpUrl } from './addresses.js';
import { argumentsOf, basePortOf, windowSecondsOf } from './arguments.js';
import { startGatehouse } from './gatehouse.js';
import { foldersOf } from './set-up.js';
import { endTogether } from './stack.js';

const USAGE = 'npm start -- [--data folder] [--base-port number] [--window-seconds number]';
const { values } = argumentsOf({
  options: {
    data: { type: 'string', default: '.gatehouse' },
    'base-port': { type: 'string', default: '7400' },
    'window-seconds': { type: 'string', default: '300' },
  },
}, USAGE);

const first = !existsSync(values.data);
const options = { data: values.data, basePort: basePortOf(values['base-port'], USAGE), windowSeconds: windowSecondsOf(values['window-seconds'], USAGE), approvalSeconds: 24 * 3_600 };

startGatehouse(options, (app) => console.log(`  started ${app}`)).then(
  ({ addresses, stack }) => {
    const { secrets, logs, tls } = foldersOf(values.data);
    if (first) console.log(`\nMade on first start, for your eyes only (mode 0600): ${values.data}`);
    console.log(`
Gatehouse runs on loopback.
  file a request   POST ${httpsUrl(addresses.gatekeeper)}/v1/requests   (token: ${secrets}/requester-hr.token)
  read the cases   ${httpsUrl(addresses.admin)}/   (user auditor, password: ${secrets}/auditor.token)
  verify           GET ${httpsUrl(addresses.notary)}/v1/tenants/acme/ledger/verification
  the sandbox      ${httpUrl(addresses.control)}/
  logs             ${logs}

For example:
  curl --cacert ${tls}/ca.pem -H "Authorization: Bearer $(cat ${secrets}/requester-hr.token)" -H 'content-type: application/json' \\
    -d '{"text":"Please offboard marta.kowalska@acme.example, last day today"}' ${httpsUrl(addresses.gatekeeper)}/v1/requests

Stop it with Ctrl-C.`);
    endTogether(stack, 0);
    stack.onLoss((name, code) => {
      console.error(`${name} ended (${String(code)}): see ${logs}/${name}.log`);
      void stack.endAll().then(() => process.exit(1));
    });
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(codeOf(error) === undefined ? 1 : 2);
  },
);
