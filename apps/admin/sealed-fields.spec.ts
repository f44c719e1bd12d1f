import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { ledgerKeyPath, seal } from '#vault';
import type { CaseEntry } from '#views';
import { openStory } from './sealed-fields.js';

const ID = 'c-0f8fad5b-d9cb-469f-a165-70867728950e';
const key = new Uint8Array(32).fill(1);
const entry = (type: string, data: JsonObject): CaseEntry => ({ seq: 1, stage: 'approve', phase: 'soft', type, at: '2026-11-23T09:00:00.000Z', actor: 'gatekeeper', data });
const sealed = (field: string, value: string) => seal(value, key, `acme/${ID}/${field}`);
const vaultOf = (asked: string[]) => ({
  read: (path: string): Promise<JsonObject | undefined> => {
    asked.push(path);
    return Promise.resolve(path === ledgerKeyPath('acme', 'case', ID) ? { key: Buffer.from(key).toString('base64url') } : undefined);
  },
});

describe('the sealed fields of a story', () => {
  it('are opened inside a vote too, by the request and the approver that they are bound to', async () => {
    const vote = (proof: JsonObject) => entry('approval.voted', { number: 2, approver: 'p-3', vote: 'reject', strength: 'link', proof });
    const [slack, link, other] = await openStory(vaultOf([]), 'acme', ID, [
      vote({ kind: 'slack', body: sealed('slack/2/p-3', 'payload') }),
      vote({ kind: 'link', number: 1, reason: sealed('reason/2/p-3', 'not today') }),
      vote({ kind: 'link', number: 1, reason: sealed('reason/1/p-9', 'of another vote') }),
    ]);
    expect(slack?.data.proof).toEqual({ kind: 'slack', body: { unsealed: 'payload' } });
    expect(link?.data.proof).toEqual({ kind: 'link', number: 1, reason: { unsealed: 'not today' } });
    expect(other?.data.proof).toEqual({ kind: 'link', number: 1, reason: { unreadable: 'unseal_failed' } });
  });

  it('cost one question a key, and not more than 64 whatever a doer names', async () => {
    const asked: string[] = [];
    const told = Array.from({ length: 200 }, (_, i) => entry('receipt.taken', { entry: { type: 'state.recorded', data: { portal: `portal-${i}`, account: 'u', part: 1, parts: 1, sealed: {} } } }));
    const story = await openStory(vaultOf(asked), 'acme', ID, [entry('request.received', { text: sealed('text', 'a') }), entry('request.received', { text: sealed('text', 'b') }), ...told]);
    expect(asked).toHaveLength(64);
    expect(story[1]?.data.text).toEqual({ unsealed: 'b' });
    expect(story.at(-1)?.data.entry).toMatchObject({ data: { sealed: { unreadable: 'too_many_keys' } } });
  });
});
