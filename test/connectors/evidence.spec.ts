import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Claim, type Evidence, openHris, takeEvidence } from '#evidence';
import { type Connector, openConnector } from '#portals';
import { CAST } from '../../apps/sandbox/cast.js';
import type { Sandbox } from '../../apps/sandbox/sandbox.js';
import { ask, SECRETS, startedSandbox, TODAY } from '../sandbox/started-sandbox.js';

const NOON = `${TODAY}T12:00:00.000Z`;
let sandbox: Sandbox;
let portals: readonly Connector[];

beforeAll(async () => {
  sandbox = await startedSandbox();
  const open = (kind: Connector['kind'], path: string): Connector =>
    openConnector({ portal: kind, kind, url: `${sandbox.addresses[kind]!}${path}`, token: SECRETS[kind].read, timeoutMs: 60_000 });
  portals = [open('directory', ''), open('scim', '/scim/v2')];
});
afterAll(async () => sandbox.stop());

const look = async (claim: Claim): Promise<Evidence> =>
  takeEvidence({
    claim,
    action: 'offboard',
    effectiveAt: NOON,
    now: () => new Date(NOON),
    zone: 'Europe/Berlin',
    hris: openHris({ url: sandbox.addresses.hris!, token: SECRETS.hrisToken, timeoutMs: 60_000 }),
    portals,
  });
const address = (value: string): Claim => ({ kind: 'address', value });
const employee = (value: string): Claim => ({ kind: 'employee', value });
const codes = ({ findings }: Evidence): readonly string[] => findings.map(({ code }) => code);

describe('evidence from the company’s own systems', () => {
  it('bears an ordinary leaver out', async () => {
    const evidence = await look(address('marta.kowalska@acme.example'));
    expect(evidence).toMatchObject({ person: `p-${CAST.leaver}`, resolved: 'one', findings: [], department: 'sales' });
    expect(evidence.facts).toEqual({
      privilege: 'none',
      production_owner: false,
      recent_escalation: false,
      hris_status: 'leaving',
      employment: 'employee',
      accounts: 2,
    });
    expect(await look(employee(CAST.leaver))).toMatchObject({ person: evidence.person, facts: evidence.facts, findings: [] });
  });

  it('shows what a production owner holds', async () => {
    const { facts, holdings, preconditions, told } = await look(employee(CAST.productionOwner));
    expect(facts).toMatchObject({ privilege: 'admin', production_owner: true, recent_escalation: true });
    expect(holdings.find(({ portal }) => portal === 'directory')?.counts).toMatchObject({ roles: 1, tokens: 3, systems_owned: 2, files_owned: 214, mailboxes_owned: 1, escalations: 1 });
    expect(preconditions.map(({ code, source, query }) => `${source} ${query} ${code}`)).toEqual(['hand_over_mailboxes', 'hand_over_on_call', 'transfer_files', 'transfer_ownership'].map((code) => `directory employee ${code}`));
    expect(told).toContainEqual({ fact: 'production_owner', source: 'directory', query: 'employee', at: NOON, says: true });
  });

  it('sees through a former address to somebody who stays', async () => {
    const evidence = await look(address('elena.sokolova@acme.example'));
    expect(evidence.person).toBe(`p-${CAST.renamed}`);
    expect(codes(evidence)).toEqual(['hris_not_terminated', 'renamed']);
  });

  it('does not choose between namesakes', async () => {
    const evidence = await look({ kind: 'name', value: 'Daniel Kim' });
    expect(evidence).toMatchObject({ person: null, resolved: 'several' });
    expect(evidence.label.candidates.map(({ person }) => person).sort()).toEqual(CAST.namesakes.map((number) => `p-${number}`));
  });

  it('knows nobody of that address', async () => {
    expect(await look(address('nobody@acme.example'))).toMatchObject({ person: null, resolved: 'none', facts: { hris_status: 'absent' } });
  });

  it.each(['hris', 'directory', 'scim'])('leaves unknown what %s does not say, and knows it again when it is back', async (service) => {
    const outage = async (on: boolean) => ask('POST', `${sandbox.addresses.control!}/control/outage`, { body: { service, on } });
    await outage(true);
    const during = await look(address('marta.kowalska@acme.example'));
    await outage(false);
    expect(codes(during)).toEqual([`source_unknown:${service}`]);
    expect(during.facts).toMatchObject(service === 'hris' ? { hris_status: 'unknown' } : { privilege: 'unknown', production_owner: 'unknown' });
    expect(codes(await look(address('marta.kowalska@acme.example')))).toEqual([]);
  });
});
