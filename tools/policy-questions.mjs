// Random questions to the gate, and random tenants to ask them for; the same in every run.
import { createHash } from 'node:crypto';

let drawn = 0;
const draw = () => createHash('sha256').update(String(drawn++)).digest().readUInt32BE() / 2 ** 32;
const one = (...values) => values[Math.floor(draw() * values.length)];
const often = (usual, ...others) => (draw() < 0.8 ? usual : one(...others)); // mostly well formed, or every answer is deny
const some = (...values) => values.filter(() => draw() < 0.08);
const share = () => one(0, 0.5999, 0.6, 0.7499, 0.75, 0.85, 0.95, 1, Math.round(draw() * 10_000) / 10_000);

const DIRECTORY = { portal: 'directory', account: 'u-2' };
const SCIM = { portal: 'scim', account: 's-2' };
const times = () => one('2026-12-18T16:59:59.999Z', '2026-12-18T17:00:00.000Z', '2026-12-24T12:00:00.000Z', '2027-01-04T07:00:00.000Z', '2026-11-23T09:00:00.000Z');

const crowd = () => ({ last: often(3, 5, 6, 'many'), usual: 2 });

const offboard = () => ({
  v: often(1, 1, 1, 2),
  tenant: 'acme',
  pipeline: often('offboard', 'offboard', 'provision'),
  phase: often(one('soft', 'hard', 'reinstate'), 'soft', 'never'),
  requester: often('p-1', 'p-3'),
  requesters: often(['p-1'], ['p-1', 'p-2'], ['p-3', 'p-1'], [], 'p-1'),
  subject: often('p-2', null, 'p-1', 'p-9', 7),
  ...often({ at: often(times(), times(), '2026-12-24', 7), accounts: often([DIRECTORY, SCIM], [DIRECTORY], [], 's-2'), approvers: often([], ['p-7'], ['p-7', 'p-1'], ['p-2'], [7]) }, {}),
  intent: { action: often('offboard', 'reinstate', 'provision'), confidence: often(0.9, share(), 'sure'), flags: some('prompt_injection_suspected', 'other'), source: 'text' },
  evidence: {
    resolved: often('one', 'none', 'several', true),
    findings: some('hris_not_terminated', 'hris_date_differs', 'hris_unknown', 'hris_other_person', 'renamed', 'source_unknown:scim', 'new'),
    facts: {
      privilege: often('none', 'elevated', 'admin', 'unknown', 'root'),
      production_owner: often(false, true, 'unknown', null),
      recent_escalation: often(false, true, 'unknown'),
      hris_status: often('terminated', 'leaving', 'active', 'unknown', 'absent'),
      employment: often('employee', 'contractor', 'unknown'),
      accounts: often(2, 0, -1),
    },
  },
  risk: { score: often(0.1, share(), share(), '0.1'), components: [] },
  ...(draw() < 0.8 && { circumstances: often({ source: 'api', department: often('sales', null), leavers: { tenant: crowd(), source: crowd(), department: crowd() }, worst: { scope: 'tenant', ...crowd() }, requests: { all: 9, by_requester: 2, around_hour: 3 } }, {}, null) }),
});

const erasure = () => ({
  v: often(1, 1, 2),
  tenant: often('acme', ''),
  procedure: often('erasure', 'enrolment'),
  requester: often('p-1', 'p-2', 7),
  subject: often('p-2', 'p-1', 'p-9', null),
  cases: often({ open: often(0, 1, 2, 'none'), closed: often(1, 2, 40, -1) }, {}, null),
});

const tenant = (defaults) => ({
  ...defaults,
  protected_people: ['p-9'],
  leavers_per_hour: one({}, { department: 5 }),
  break_glass_accounts: often([], [SCIM], [DIRECTORY]),
  freezes: often([], [{ from: '2026-12-18T17:00:00.000Z', until: '2027-01-04T07:00:00.000Z' }]),
  ...one({}, { may_request: { hr: { people: ['p-1'], actions: ['offboard', 'erasure'] }, desk: { people: ['p-3'], actions: ['offboard', 'reinstate'] } } }),
});

const TENANTS = 16;

/** `count` questions, each {entrypoint, tenant, input}; one in five is about an erasure. */
export function randomQuestions(count, defaults) {
  const tenants = Array.from({ length: TENANTS }, () => tenant(defaults));
  return Array.from({ length: count }, (_, i) => {
    const [entrypoint, ask] = i % 5 === 4 ? ['gatehouse/erasure/decision', erasure] : ['gatehouse/offboard/decision', offboard];
    return { entrypoint, tenant: tenants[Math.floor(i / 5) % TENANTS], input: ask() };
  });
}
