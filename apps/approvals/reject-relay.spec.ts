import { describe, expect, it } from '@jest/globals';
import { ProblemException } from '#edge';
import { Gatekeeper } from './gatekeeper.js';
import type { Answer } from './http-call.js';
import { RejectRelay } from './reject-relay.js';

const request = { timestamp: '1700000000', signature: 'v0=x', body: 'payload=x' };

/** A relay whose pauses move the clock, to a gatekeeper that answers by `answer`. */
function relayTo(answer: (nth: number) => Promise<Answer>) {
  let now = 1_700_000_000_000;
  let tries = 0;
  const logged: string[] = [];
  const pauses: number[] = [];
  const gatekeeper = new Gatekeeper(() => answer(++tries));
  const relay = new RejectRelay(gatekeeper, {
    clock: () => new Date(now),
    log: (event, facts) => logged.push(`${event} ${String(facts?.code ?? '')}`.trim()),
    pause: (ms, signal) => {
      pauses.push(ms);
      now += ms;
      return signal.aborted ? Promise.reject(new Error('ended')) : Promise.resolve();
    },
  });
  return { relay, logged, pauses, settled: async () => relay.end() };
}
const reply = (status: number, body: object = {}): Promise<Answer> => Promise.resolve({ status, headers: {}, body: JSON.stringify(body) });

describe('a rejection from Slack', () => {
  it('is given up, with a line, only when its signature is about to go stale', async () => {
    const { relay, logged, pauses } = relayTo(() => Promise.reject(new Error('refused')));
    relay.take(request);
    await new Promise(setImmediate);
    expect(logged).toEqual(['slack_action_lost gatekeeper_unreachable']);
    const total = pauses.reduce((sum, ms) => sum + ms, 0);
    expect(total).toBeGreaterThan(260_000);
    expect(total).toBeLessThanOrEqual(280_000);
    expect(Math.max(...pauses)).toBe(15_000);
    await relay.end();
  });

  it('is not sent again after a refusal', async () => {
    const { logged, relay, pauses, settled } = relayTo(() => reply(409, { code: 'vote_closed', detail: 'Closed.' }));
    relay.take(request);
    await settled();
    expect([logged, pauses]).toEqual([['slack_action_refused vote_closed'], []]);
  });

  it('does not hold the process up', async () => {
    const { relay, logged } = relayTo(() => reply(503));
    relay.take(request);
    await relay.end();
    expect(logged).toEqual(['slack_action_lost gatekeeper_unreachable']);
  });
});

it('a refusal keeps the status and the words of the gatekeeper', async () => {
  const gatekeeper = new Gatekeeper(() => reply(410, { code: 'link_expired', detail: 'Too late.' }));
  const error: unknown = await gatekeeper.page('t').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemException);
  expect(error).toMatchObject({ code: 'link_expired', detail: 'Too late.' });
});
