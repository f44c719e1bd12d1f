import { createHmac, createPrivateKey, createHash, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { APPROVER_ROLE, buttonValue, mintLink, REJECT_ACTION } from '#approvals';
import { CodedError } from '#decider';
import { nextNotice, type TenantCommand } from '#lifecycle';
import { CASE, caseId, Scenario, type Seen, TERMS, typesOf } from '../../test/lifecycle/scenario.js';
import { assertion, enrolled, makePasskey, type RequestOptions } from '../sandbox/passkey.js';
import type { Sealed } from '#vault';
import type { ApprovalsClient, Message } from './approvals-client.js';
import type { CaseKeys } from './case-keys.js';
import { Decisions } from './decisions.js';
import { TaskPerformer } from './performer.js';
import type { TenantSettings } from './settings.js';
import type { TenantRuntime } from './tenant.js';
import { Tenants } from './tenants.js';
import { warnOperator } from './warnings.js';

const LINK_KEY = Buffer.alloc(32, 5);
const SIGNING_SECRET = 'a-signing-secret-of-slack';
const PUBLIC_URL = 'https://localhost:7443';
const LINK_SECONDS = 15 * 60;
const ASK: Seen = { outcome: 'require_hitl', score: 0.8 };
const passkey = makePasskey('p-7');

/** A gatekeeper's desk over a ledger in memory; `away` is what fails, `put` are the messages that it sent. */
class Desk {
  readonly scenario = new Scenario(TERMS, []);
  readonly put: Message[] = [];
  away: 'store' | 'vault' | undefined;
  readonly #runtime = this.#tenant();
  readonly #tenants = new Tenants([{ id: 'acme', tokens: [] as TenantSettings['tokens'], portals: [] as TenantSettings['portals'], feeds: [] as TenantSettings['feeds'] } as TenantSettings], () => undefined);
  readonly #clock = (): Date => new Date(this.scenario.now);
  readonly decisions = new Decisions(this.#tenants, { linkKey: LINK_KEY, slackSigningSecret: SIGNING_SECRET, publicUrl: PUBLIC_URL }, this.#clock, () => undefined);
  readonly #performer = new TaskPerformer(
    this.#runtime,
    { put: (_key: string, message: Message) => Promise.resolve({ channel: 'D1', ts: `1.${this.put.push(message)}` }) } as ApprovalsClient,
    { key: LINK_KEY, publicUrl: PUBLIC_URL },
    this.#clock,
  );

  constructor() {
    const { credentialId, publicKey } = enrolled(passkey);
    const approvers = ['p-7', 'p-8'].map((person, i) => ({ person, slack: { team: 'T0ACME', user: `U0P${i}` }, passkey: { credentialId, publicKey, counter: 0 }, roles: [APPROVER_ROLE] }));
    this.scenario.do({ do: 'enrol', approvers });
  }

  async open(): Promise<this> {
    await this.#tenants.open(() => Promise.resolve(this.#runtime), () => undefined);
    return this;
  }

  ask(id = CASE, seen = ASK): void {
    this.scenario.requested({ id });
    this.judge(id, seen);
  }

  judge(id = CASE, seen = ASK, phase: 'soft' | 'hard' = 'soft'): void {
    this.scenario.in({ ...this.scenario.judgement(phase, seen, id), nonce: Buffer.alloc(32, this.scenario.log.length).toString('base64url') }, id);
  }

  /** Sends and closes messages until there are none to send or close. */
  async notify(id = CASE): Promise<void> {
    for (let task; (task = nextNotice(this.scenario.found(id))); ) await this.#performer.perform(this.scenario.found(id), task);
  }

  types(id = CASE): readonly string[] {
    return this.scenario.types(id).filter((type) => type.startsWith('approval.'));
  }

  #tenant(): TenantRuntime {
    const { scenario } = this;
    const failing = (): void => {
      if (this.away) throw new CodedError(`${this.away}_unreachable`, 'away');
    };
    const ledger = {
      get state() {
        return scenario.state;
      },
      head: { seq: 0, hash: '' },
      commit: async (command: TenantCommand) => {
        await Promise.resolve();
        if (this.away === 'store') failing();
        return { entries: scenario.do(command), state: scenario.state };
      },
    } as TenantRuntime['ledger'];
    const sealed: Sealed = { alg: 'A256GCM-HKDF-commit', salt: '', iv: '', ct: '', tag: '', commit: '' };
    const seal: CaseKeys['seal'] = () => Promise.resolve().then(failing).then(() => sealed);
    return { settings: { id: 'acme', zone: 'UTC' } as TenantSettings, ledger, keys: { seal } as CaseKeys, portals: [] as TenantRuntime['portals'] } as TenantRuntime;
  }
}

const token = (number = 1, approver = 'p-7', request = 1, id = CASE): string => mintLink(LINK_KEY, { tenant: 'acme', case: id, request, approver, number });
const refusal = async (answer: Promise<unknown>): Promise<unknown> => answer.then(() => 'accepted', (error: unknown) => (error as { code: unknown }).code);

let desk: Desk;
beforeEach(async () => {
  desk = await new Desk().open();
});

describe('an expired link', () => {
  const late = async (): Promise<void> => {
    desk.ask();
    await desk.notify();
    desk.scenario.later(LINK_SECONDS);
  };

  it("is replaced by a new one in the same approver's message, once", async () => {
    await late();
    await Promise.all([desk.decisions.renewLink(token()), desk.decisions.renewLink(token())]);
    expect(desk.types().filter((type) => type === 'approval.link_requested')).toHaveLength(1);
    // the new link may be followed before its message is on record
    expect([(await desk.decisions.page(token(1))).state, (await desk.decisions.page(token(2))).state]).toEqual(['expired', 'open']);
    desk.put.length = 0;
    await desk.notify();
    expect(desk.put).toMatchObject([{ kind: 'request', slackUser: 'U0P0', link: `${PUBLIC_URL}/a/${token(2)}`, message: { channel: 'D1', ts: '1.1' } }]);
    expect([(await desk.decisions.page(token(1))).state, (await desk.decisions.page(token(2))).state]).toEqual(['expired', 'open']);
    expect(await refusal(desk.decisions.byLink(token(1), 'reject', null, undefined))).toBe('link_expired');
    // the dead one asks for nothing more, and the new one lives as long as any
    await desk.decisions.renewLink(token(1));
    expect(await refusal(desk.decisions.renewLink(token(2)))).toBe('link_open');
    expect(desk.types().filter((type) => type === 'approval.link_requested')).toHaveLength(1);
    desk.scenario.later(LINK_SECONDS - 1);
    expect((await desk.decisions.byLink(token(2), 'reject', null, undefined)).outcome).toBe('rejected');
  });

  it('is not replaced by looking, nor for a token that is not ours', async () => {
    await late();
    await desk.decisions.page(token());
    expect(await refusal(desk.decisions.renewLink(mintLink(Buffer.alloc(32, 6), { tenant: 'acme', case: CASE, request: 1, approver: 'p-7', number: 1 })))).toBe('unknown_link');
    expect(await refusal(desk.decisions.renewLink(token(1, 'p-7', 2)))).toBe('unknown_link');
    expect(desk.types()).not.toContain('approval.link_requested');
  });

  it.each<[string, () => void, string]>([
    ['the request is settled', () => desk.scenario.voted('p-8', 'reject'), 'link_closed'],
    ['they have voted', () => desk.scenario.voted('p-7', 'reject'), 'link_used'],
    ['the request was withdrawn', () => desk.judge(CASE, { ...ASK, findings: ['renamed'] }), 'link_closed'],
    ['its whole time is over', () => desk.scenario.later(TERMS.approvalSeconds), 'link_closed'],
  ])('is not replaced once %s', async (_, happen, code) => {
    await late();
    happen();
    expect(await refusal(desk.decisions.renewLink(token()))).toBe(code);
    expect(desk.types()).not.toContain('approval.link_requested');
  });

  it('is not replaced for who has become a party: they want the person back while hard is asked about', async () => {
    desk.scenario.requested().judged('soft');
    desk.scenario.finished();
    desk.scenario.later(TERMS.windowSeconds);
    desk.judge(CASE, ASK, 'hard');
    await desk.notify();
    desk.scenario.later(LINK_SECONDS).in({ do: 'requestReinstate', requester: 'p-7' });
    expect(await refusal(desk.decisions.renewLink(token()))).toBe('vote_not_eligible');
    expect(desk.types()).not.toContain('approval.link_requested');
  });
});

describe('a request that was withdrawn', () => {
  it('is told as such, with what changed, in the message and behind the link, while the new one is asked', async () => {
    const two = { ...ASK, quorum: 2 };
    desk.ask(CASE, two);
    await desk.notify();
    desk.put.length = 0;
    desk.scenario.voted('p-7');
    await desk.notify();
    // who has voted has nothing more to sign, and the other one is told that they are the one who is missing
    expect(desk.put).toMatchObject([{ kind: 'decided', link: null, view: { news: 'votes_1' } }, { kind: 'request', link: `${PUBLIC_URL}/a/${token(1, 'p-8')}`, view: { news: 'votes_1' } }]);
    desk.put.length = 0;
    // both are told of the withdrawal: the vote counts no more
    desk.judge(CASE, { ...two, findings: ['renamed'] });
    await desk.notify();
    const withdrawn = { outcome: 'superseded', because: ['facts.findings'], request: 1 };
    expect(desk.put.slice(0, 2)).toMatchObject([{ kind: 'closed', message: { ts: '1.1' }, view: withdrawn }, { kind: 'closed', message: { ts: '1.2' }, view: withdrawn }]);
    expect(desk.put.slice(2)).toMatchObject([{ kind: 'request', view: { outcome: 'open', request: 2, because: [] } }, { kind: 'request' }]);
    expect(await desk.decisions.page(token())).toMatchObject({ state: 'closed', view: withdrawn });
    expect((await desk.decisions.page(token(1, 'p-7', 2))).state).toBe('open');
  });
});

describe('a rejection from Slack', () => {
  const pressed = (request = 1, id = CASE) => {
    const payload = { type: 'block_actions', team: { id: 'T0ACME' }, user: { id: 'U0P0', team_id: 'T0ACME' }, actions: [{ action_id: REJECT_ACTION, value: buttonValue({ tenant: 'acme', case: id, request }) }] };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const timestamp = String(Date.parse(desk.scenario.now) / 1000);
    return { headers: { timestamp, signature: `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}` }, body };
  };

  it.each(['store', 'vault'] as const)('that found the %s away may come again and counts, and after that is a replay', async (what) => {
    desk.ask();
    const { headers, body } = pressed();
    desk.away = what;
    for (let i = 0; i < 2; i += 1) expect(await refusal(desk.decisions.bySlack(headers, body))).toBe(`${what}_unreachable`);
    desk.away = undefined;
    expect(await desk.decisions.bySlack(headers, body)).toMatchObject({ outcome: 'rejected' });
    expect(await refusal(desk.decisions.bySlack(headers, body))).toBe('slack_replayed');
    expect(desk.types().filter((type) => type !== 'approval.requested')).toEqual(['approval.voted', 'approval.rejected']);
  });

  it('of which two copies come at once has one outcome', async () => {
    desk.ask();
    const { headers, body } = pressed();
    const answers = await Promise.all([desk.decisions.bySlack(headers, body), desk.decisions.bySlack(headers, body)]);
    expect(answers[1]).toEqual(answers[0]);
    expect(desk.types().filter((type) => type === 'approval.voted')).toHaveLength(1);
  });

  it('that comes before its tenant is up may come again', async () => {
    const early = new Desk();
    early.ask();
    const { headers, body } = pressed();
    expect(await refusal(early.decisions.bySlack(headers, body))).toBe('not_ready');
    await early.open();
    expect(await early.decisions.bySlack(headers, body)).toMatchObject({ outcome: 'rejected' });
  });
});

describe("a passkey's counter", () => {
  /** What an authenticator that counts answers to the page's options. */
  const signed = (options: RequestOptions, counter: number): Record<string, unknown> => {
    const plain = assertion(passkey, options, PUBLIC_URL) as { response: { authenticatorData: string; clientDataJSON: string } };
    const data = Buffer.from(plain.response.authenticatorData, 'base64url');
    data.writeUInt32BE(counter, 33);
    const clientHash = createHash('sha256').update(Buffer.from(plain.response.clientDataJSON, 'base64url')).digest();
    const key = createPrivateKey({ key: Buffer.from(passkey.privateKey, 'base64url'), format: 'der', type: 'pkcs8' });
    const response = { ...plain.response, authenticatorData: data.toString('base64url'), signature: sign('sha256', Buffer.concat([data, clientHash]), key).toString('base64url') };
    return { ...plain, response };
  };
  const approve = async (id: string, counter: number): Promise<{ outcome: string }> =>
    desk.decisions.byLink(token(1, 'p-7', 1, id), 'approve', null, signed((await desk.decisions.page(token(1, 'p-7', 1, id))).options, counter));

  it('is remembered from vote to vote, so a copied key is refused, also at the same moment', async () => {
    const ids = [1, 2, 3, 4].map(caseId);
    for (const [i, id] of ids.entries()) desk.ask(id, { ...ASK, person: `p-10${i}` });
    expect((await approve(ids[0]!, 5)).outcome).toBe('granted');
    expect(await refusal(approve(ids[1]!, 5))).toBe('assertion_counter');
    const both = await Promise.all([refusal(approve(ids[1]!, 6)), refusal(approve(ids[2]!, 6))]);
    // which of the two comes first is the scheduler's
    expect(both.sort()).toEqual(['accepted', 'vote_proof']);
    expect((await approve(ids[3]!, 7)).outcome).toBe('granted');
  });
});

it('tells an operator of a request that too few people may approve', () => {
  const said: unknown[] = [];
  const scenario = new Scenario(TERMS, ['p-7']);
  scenario.requested().judged('soft', { ...ASK, quorum: 2 });
  warnOperator('acme', { onEntry: (listener) => scenario.log.forEach(listener) }, (event, facts) => said.push({ event, ...facts }));
  expect(typesOf(scenario.log)).toContain('approval.unreachable');
  expect(said).toEqual([{ event: 'approval_unreachable', tenant: 'acme', case: CASE, number: 1, needed: 2, eligible: 1 }]);
});
