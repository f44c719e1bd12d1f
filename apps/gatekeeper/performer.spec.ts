import { expect, it } from '@jest/globals';
import { nextNotice, type TenantCommand } from '#lifecycle';
import { approver, CASE, Scenario } from '../../test/lifecycle/scenario.js';
import type { ApprovalsClient, Message } from './approvals-client.js';
import { TaskPerformer } from './performer.js';
import type { TenantRuntime } from './tenant.js';

it('a request that is settled after an approver was revoked is told to the others, and nothing fails', async () => {
  const scenario = new Scenario();
  const put: Message[] = [];
  const ledger = { state: scenario.state, commit: (command: TenantCommand) => Promise.resolve({ entries: scenario.do(command), state: scenario.state }) };
  const runtime = { settings: { id: 'acme', zone: 'UTC' }, ledger, portals: [] as TenantRuntime['portals'] } as TenantRuntime;
  const approvals = { put: (_key: string, message: Message) => Promise.resolve({ channel: 'D1', ts: `1.${put.push(message)}` }) } as ApprovalsClient;
  const performer = new TaskPerformer(runtime, approvals, { key: Buffer.alloc(32, 5), publicUrl: 'https://localhost:7443' }, () => new Date(scenario.now));
  const notify = async (): Promise<void> => {
    for (let task; (task = nextNotice(scenario.found())); ) await performer.perform(scenario.found(), task);
  };
  scenario.requested().judged('soft', { outcome: 'require_hitl' });
  await notify();
  put.length = 0;
  scenario.do({ do: 'enrol', approvers: ['p-8', 'p-9'].map(approver) });
  Object.assign(ledger, { state: scenario.state });
  scenario.voted('p-8', 'reject');
  await notify();
  expect(put.map(({ kind, slackUser }) => `${kind} ${slackUser}`)).toEqual(['closed U-p-8', 'closed U-p-9']);
  expect(scenario.types(CASE).filter((type) => type === 'approval.message_closed')).toHaveLength(3);
});
