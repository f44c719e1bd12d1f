import fc from 'fast-check';
import { isJsonObject, type JsonValue } from '#decider';
import { type Connector, openConnector } from '#portals';
import { company } from '../../apps/sandbox/company.js';
import type { Person } from '../../apps/sandbox/person.js';
import { ask, SECRETS, startedSandbox, TODAY } from '../sandbox/started-sandbox.js';
import { connectorContract, type ConnectorHarness } from './contract.js';

const names = (prefix: string, odd: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray([...Array.from({ length: 12 }, (_, n) => `${prefix}-${String(n)}`), ...odd]);
const holdings = fc.record({
  groups: names('group', ['all-staff', 'R&D / "Lab" 50%', 'Größe #1', 'a.b?c=d+e']),
  roles: names('role', ['admin', 'on call']),
  licences: names('licence', ['crm+plus']),
  sessions: fc.nat({ max: 4 }),
});

/** A company whose people hold anything at all, the same in every run. */
function people(): readonly Person[] {
  const held = fc.sample(holdings, { numRuns: 60, seed: 11 });
  const everybody = company({ seed: 3, size: held.length, today: TODAY });
  return everybody.map((person, i) => ({ ...person, displayName: `${person.displayName} ${String(i)}`, ...held[i], portals: ['directory', 'scim'] }));
}

async function harness(kind: Connector['kind']): Promise<ConnectorHarness> {
  const origin = people();
  const sandbox = await startedSandbox({ origin: { people: origin } });
  const { addresses } = sandbox;
  const url = `${addresses[kind]!}${kind === 'scim' ? '/scim/v2' : ''}`;
  const tokens = { ...SECRETS[kind], wrong: 'no-such-token' };
  return {
    // the head of the list has the cast's fixed parts; all that matters here is what they hold
    holders: origin.map(({ employeeNumber, workEmail, displayName }) => ({ employee: employeeNumber, address: workEmail, name: displayName })),
    open: (credential) => openConnector({ portal: kind, kind, url, token: tokens[credential], timeoutMs: 60_000 }),
    changes: async (account) => {
      const { json } = await ask('GET', `${addresses.control!}/control/actions`);
      const actions = Array.isArray(json.actions) ? json.actions : [];
      return actions.filter((one: JsonValue) => isJsonObject(one) && one.account === account && one.changed === true).length;
    },
    outage: async (on) => {
      await ask('POST', `${addresses.control!}/control/outage`, { body: { service: kind, on } });
    },
    stop: async () => sandbox.stop(),
  };
}

connectorContract('directory', async () => harness('directory'));
connectorContract('scim', async () => harness('scim'));
