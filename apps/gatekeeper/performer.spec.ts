import { expect, it } from '@jest/globals';
import { nextNotice, type TenantCommand } from '#lifecycle';
import { approver, CASE, Scenario } from '../../test/lifecycle/scenario.js';
import type { ApprovalsClient, Message } from './approvals-client.js';
import { TaskPerformer } from './performer.js';
import type { TenantRuntime } from './tenant.js';

/** A tenant's scenario, and what its performer sends where: `placed` says where a message stands afterwards. */
function stage(placed: (message: Message) => { channel: string; ts: string }) {
  const scenario = new Scenario();
  const ledger = { state: scenario.state, commit: (command: TenantCommand) => Promise.resolve({ entries: scenario.do(command), state: scenario.state }) };
  const runtime = { settings: { id: 'acme', zone: 'UTC' }, ledger, portals: [] as TenantRuntime['portals'] } as TenantRuntime;
  const approvals = { put: (_key: string, message: Message) => Promise.resolve(placed(message)) } as ApprovalsClient;
  const performer = new TaskPerformer(runtime, approvals, { key: Buffer.alloc(32, 5), publicUrl: 'https://localhost:7443' }, () => new Date(scenario.now));
  const notify = async (): Promise<void> => {
    Object.assign(ledger, { state: scenario.state });
    for (let task; (task = nextNotice(scenario.found())); ) await performer.perform(scenario.found(), task);
  };
  return { scenario, notify };
}

it('a request that is settled after an approver was revoked is told to the others, and nothing fails', async () => {
  const put: Message[] = [];
  const { scenario, notify } = stage((message) => ({ channel: 'D1', ts: `1.${put.push(message)}` }));
  scenario.requested().judged('soft', { outcome: 'require_hitl' });
  await notify();
  put.length = 0;
  scenario.do({ do: 'enrol', approvers: ['p-8', 'p-9'].map(approver) });
  scenario.voted('p-8', 'reject');
  await notify();
  expect(put.map(({ kind, slackUser }) => `${kind} ${slackUser}`)).toEqual(['closed U-p-8', 'closed U-p-9']);
  expect(scenario.types(CASE).filter((type) => type === 'approval.message_closed')).toHaveLength(3);
});

it('a message that was deleted and posted anew is known by its new place from then on', async () => {
  const last = new Map<string, string>();
  const { scenario, notify } = stage(({ slackUser, message }) => {
    // only one approver has deleted theirs
    const ts = message && slackUser !== 'U-p-8' ? message.ts : `${slackUser}.${last.size}`;
    last.set(`${slackUser} ${last.size}`, message?.ts ?? 'none');
    return { channel: 'D1', ts };
  });
  scenario.requested().judged('soft', { outcome: 'require_hitl', quorum: 2 });
  await notify();
  const before = scenario.found().approval?.messages ?? {};
  scenario.voted('p-9', 'approve');
  await notify();
  const after = scenario.found().approval?.messages ?? {};
  expect(Object.keys(before).filter((person) => before[person]?.ts !== after[person]?.ts)).toEqual(['p-8']);
  scenario.voted('p-7', 'reject');
  await notify();
  expect([...last].at(-2)).toEqual([expect.stringMatching(/^U-p-8 /), after['p-8']?.ts]);
});
