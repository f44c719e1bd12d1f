import { describe, expect, it } from '@jest/globals';
import { closedMessage, LINK_ACTION, requestMessage, type SlackMessage } from './message-blocks.js';
import { END_STATES } from '../../libs/lifecycle/index.js';
import { CASE, ERASURE_VIEW, HOSTILE, VIEW } from './rehearsal/sample.js';

const LINK = 'https://localhost:7443/a/secret-token';
const textOf = (message: SlackMessage): string => JSON.stringify(message);

/** Every text object of a message. */
function texts(value: unknown): { type: string; text: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && 'text' in value && typeof value.text === 'string' && typeof value.type === 'string' ? [{ type: value.type, text: value.text }] : [];
  return [...own, ...Object.values(value).flatMap(texts)];
}

describe('the message that asks', () => {
  const message = requestMessage(VIEW, LINK);

  it('tells who, when, by whom, why, what, what stays done, the deadline and the short code', () => {
    for (const text of ['Dana Fields', VIEW.effective, 'Rob Lane', VIEW.hris, 'Owns payments-db', 'disables the account', 'directory: deletes the account', '2026-11-24 09:58 UTC', VIEW.shortCode, '1 of 2 approvals', 'It owns systems: they need another owner.'])
      expect(textOf(message)).toContain(text);
    expect(textOf(message).indexOf('production ownership')).toBeLessThan(textOf(message).indexOf('privilege (0.3'));
  });

  it('tells how many have approved and how many are still wanted, and names nobody', () => {
    expect(textOf(message)).toContain('1 of 2 have approved; one more person has to decide.');
    expect(textOf(message)).not.toContain('p-10008');
    expect(textOf(requestMessage({ ...VIEW, needed: 3 }, LINK))).toContain('2 more people have to decide');
    expect(textOf(requestMessage({ ...VIEW, votes: [] }, LINK))).not.toContain('have approved');
  });

  it('leaves who has approved nothing to press but a change of mind', () => {
    const decided = requestMessage(VIEW, null);
    expect(textOf(decided)).toContain('You have approved. 1 of 2');
    expect(decided.blocks.find(({ type }) => type === 'actions')).toMatchObject({ elements: [{ action_id: 'gatehouse.reject' }] });
    expect(textOf(decided)).not.toContain('https');
  });

  it('has a link button and a Reject button whose value is no secret', () => {
    const actions = message.blocks.find(({ type }) => type === 'actions');
    expect(actions).toMatchObject({ elements: [{ action_id: LINK_ACTION, url: LINK }, { action_id: 'gatehouse.reject', value: `acme/${CASE}/2` }] });
    expect(textOf(message).split('secret-token')).toHaveLength(2);
  });

  it('tells of an erasure, where nothing was scored, why, what is destroyed, and that it stays so', () => {
    const erasure = textOf(requestMessage(ERASURE_VIEW, LINK));
    for (const text of ['Erase Dana Fields', 'She asked for it by letter.', 'two people decide', 'Erasure: as soon as it is approved', `destroys the keys of 1 closed case: ${CASE}`, 'What cannot be undone']) expect(erasure).toContain(text);
    expect(erasure).not.toMatch(/HRIS|of 1\.00|undefined/);
    for (const { text } of texts(requestMessage({ ...ERASURE_VIEW, reason: HOSTILE }, LINK))) expect(text).not.toMatch(/[<>\u202E\u200B\0]/);
  });

  it('keeps hostile text inert: literal, or plain and escaped, with nothing hidden', () => {
    const hostile = {
      ...VIEW, title: HOSTILE, effective: HOSTILE, hris: HOSTILE, preconditions: [HOSTILE], subject: { id: 'p-1', name: HOSTILE, address: HOSTILE }, requester: { id: 'p-2', name: HOSTILE }, reasons: [{ rule: HOSTILE, text: HOSTILE }],
      flagged: { markers: [HOSTILE], text: HOSTILE }, plan: VIEW.plan.map((step) => ({ ...step, portal: HOSTILE, account: HOSTILE })), votes: [{ person: HOSTILE, vote: 'reject' as const }],
      risk: { ...VIEW.risk, components: [{ name: HOSTILE, value: 1, weight: 1, because: HOSTILE }] },
    };
    for (const one of [requestMessage(hostile, LINK), closedMessage(hostile)]) {
      for (const { type, text } of texts(one)) {
        expect(text).not.toMatch(/[\u202E\u200B\0]/);
        if (type !== 'text') expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        if (type === 'mrkdwn') expect(text).not.toContain('channel');
      }
      expect(one.text).not.toMatch(/[<>]/);
    }
  });

  it('stays small enough that a press of its button fits through every door', () => {
    const long = 'x'.repeat(2_000);
    const big = {
      ...VIEW, hris: long, effective: long, title: long, subject: { id: long, name: long, address: long }, flagged: { markers: [], text: '"<\n'.repeat(8_000) },
      risk: { ...VIEW.risk, components: Array.from({ length: 50 }, () => ({ name: 'privilege', value: 1, weight: 1, because: long })) },
      reasons: Array.from({ length: 50 }, () => ({ rule: 'r', text: long })), plan: VIEW.plan.flatMap((step) => Array.from({ length: 50 }, () => ({ ...step, account: long }))),
    };
    expect(encodeURIComponent(textOf(requestMessage(big, LINK))).length).toBeLessThan(16_000);
  });

  it('stays within what Slack takes', () => {
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    for (const { text } of texts(message)) expect(text.length).toBeLessThanOrEqual(2_000);
  });

  it('says so where nothing can be done', () => {
    expect(textOf(requestMessage({ ...VIEW, subject: null, plan: [] }, LINK))).toContain('It can only be rejected');
  });
});

describe('the message of a settled request', () => {
  it.each([
    ['Rejected', 'rejected', [{ person: 'p-1', vote: 'approve' }, { person: 'p-2', vote: 'reject' }], 'Rejected by p-2'],
    ['Approved', 'granted', [{ person: 'p-1', vote: 'approve' }, { person: 'p-2', vote: 'approve' }], 'Approved by p-1, p-2'],
    ['Expired', 'expired', [{ person: 'p-1', vote: 'approve' }], 'The time ran out'],
    ['Withdrawn', 'superseded', [], 'has changed'],
    ['Closed', 'open', [], 'Nothing is left to decide'],
  ] as const)('says %s, and has nothing to press', (title, outcome, votes, says) => {
    const message = closedMessage({ ...VIEW, outcome, votes });
    expect(message.text).toContain(title);
    expect(textOf(message)).toContain(says);
    expect(textOf(message)).not.toMatch(/button|actions|https/);
  });

  it.each([...END_STATES, 'soft_done'])('tells how the case got on: %s', (news) => {
    expect(closedMessage({ ...VIEW, outcome: 'granted', news }).blocks.length).toBe(closedMessage({ ...VIEW, outcome: 'granted' }).blocks.length + 1);
  });

  it('says what changed where it was withdrawn, also what it has no words for, and stays small', () => {
    const text = textOf(closedMessage({ ...VIEW, outcome: 'superseded', because: ['facts.production_owner', 'quorum', 'facts.on_call_duty'] }));
    for (const says of ['the ownership of production systems', 'how many people must approve', 'on call duty']) expect(text).toContain(says);
    expect(textOf(closedMessage({ ...VIEW, outcome: 'superseded', because: Array.from({ length: 50 }, () => HOSTILE.slice(0, 100)) })).length).toBeLessThan(6_000);
  });
});
