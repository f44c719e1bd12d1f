// node policy-agree.mjs OPA [N]: asks OPA itself and our loader, over the committed Wasm, N random questions (default 10,000)
// and fails where the answers differ. Needs `tsc -b libs/policy`. The questions are the same in every run.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openPolicy } from '../dist/libs/policy/index.js';

const [opa, count = '10000'] = process.argv.slice(2);
const tenantData = { ...JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')), protected_people: ['p-9'], leavers_per_hour: { department: 5 } };

let drawn = 0;
const draw = () => createHash('sha256').update(String(drawn++)).digest().readUInt32BE() / 2 ** 32;
const one = (...values) => values[Math.floor(draw() * values.length)];
const often = (usual, ...others) => (draw() < 0.8 ? usual : one(...others)); // mostly well formed, or every answer is deny
const some = (...values) => values.filter(() => draw() < 0.08);
const share = () => one(0, 0.5999, 0.6, 0.7499, 0.75, 0.85, 0.95, 1, Math.round(draw() * 10_000) / 10_000);

const crowd = () => ({ last: often(3, 5, 6, 'many'), usual: 2 });

const question = () => ({
  v: often(1, 1, 1, 2),
  tenant: 'acme',
  pipeline: often('offboard', 'offboard', 'provision'),
  phase: often(one('soft', 'hard', 'reinstate'), 'soft', 'never'),
  requester: 'p-1',
  requesters: often(['p-1'], ['p-1', 'p-2'], [], 'p-1'),
  subject: often('p-2', null, 'p-1', 'p-9', 7),
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

const GATES = [
  { entrypoint: 'gatehouse/offboard/decision', share: 0.8, ask: question },
  { entrypoint: 'gatehouse/erasure/decision', share: 0.2, ask: erasure },
].map(({ entrypoint, share, ask }) => ({ entrypoint, questions: Array.from({ length: Math.ceil(Number(count) * share) }, ask) }));
const questions = GATES.flatMap((gate) => gate.questions);
const work = mkdtempSync(join(tmpdir(), 'agree-'));
writeFileSync(join(work, 'asked.json'), JSON.stringify(Object.fromEntries(GATES.map((gate, i) => [`asked_${i}`, gate.questions]))));
writeFileSync(join(work, 'tenant.json'), JSON.stringify({ tenant: tenantData }));
const answers = GATES.map(({ entrypoint }, i) => `[answer | some question in data.asked_${i}; answer := data.${entrypoint.replaceAll('/', '.')} with input as question]`);
const query = `array.concat(${answers.join(', ')})`;
const files = ['policies/gatehouse', join(work, 'asked.json'), join(work, 'tenant.json')].flatMap((file) => ['--data', file]);
const run = spawnSync(opa, ['eval', '--format', 'json', ...files, query], { encoding: 'utf8', maxBuffer: 2 ** 30 });
rmSync(work, { recursive: true });
if (run.status !== 0) throw new Error(run.stderr + run.stdout);
const theirs = JSON.parse(run.stdout).result[0].expressions[0].value;

const gate = await openPolicy({ bundleDir: 'policies/bundle', tenantData, deadlineMs: 10_000 });
const ours = await Promise.all(GATES.flatMap(({ entrypoint, questions: asked }) => asked.map((one) => gate.decide(entrypoint, one))));
await gate.close();

const tally = {};
let differ = theirs.length === ours.length ? 0 : 1;
ours.forEach(({ outcome, reasons, quorum }, i) => {
  tally[outcome] = (tally[outcome] ?? 0) + 1;
  if (isDeepStrictEqual({ outcome, reasons, quorum }, theirs[i])) return;
  if (differ++ === 0) console.error(JSON.stringify({ asked: questions[i], opa: theirs[i], wasm: { outcome, reasons, quorum } }, null, 2));
});
console.log(`${ours.length} questions, ${differ} answered differently`, tally);
process.exit(differ === 0 && Object.keys(tally).length === 4 ? 0 : 1); // a run that never saw one of the outcomes shows little
