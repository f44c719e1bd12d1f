// node policy-agree.mjs OPA [N]: asks OPA itself and our loader, over the committed Wasm, every question of the Rego tests and
// N random ones (default 10,000), and fails where the answers differ. Needs `tsc -b libs/policy`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openPolicy } from '../dist/libs/policy/index.js';
import { randomQuestions } from './policy-questions.mjs';
import { testedQuestions } from './policy-tested.mjs';

const [opa, count = '10000'] = process.argv.slice(2);
const ENTRYPOINTS = JSON.parse(readFileSync('policies/bundle/manifest.json', 'utf8')).entrypoints;
const FEWEST_TESTED = 200;

/** What OPA answers; where it has no value, undefined. */
function theirAnswers(questions) {
  const work = mkdtempSync(join(tmpdir(), 'agree-'));
  writeFileSync(join(work, 'asked.json'), JSON.stringify({ asked: questions }));
  const answers = ENTRYPOINTS.map((name) => {
    const question = `some i; {"entrypoint": "${name}", "tenant": tenant, "input": asked} = data.asked[i]`;
    return `{i: answer | ${question}; answer := data.${name.replaceAll('/', '.')} with input as asked with data.tenant as tenant}`;
  });
  const run = spawnSync(opa, ['eval', '--format', 'json', '--data', 'policies/gatehouse', '--data', join(work, 'asked.json'), `[${answers.join(', ')}]`], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  rmSync(work, { recursive: true });
  if (run.status !== 0) throw new Error(run.stderr + run.stdout);
  const byNumber = Object.assign({}, ...JSON.parse(run.stdout).result[0].expressions[0].value);
  return questions.map((_, i) => byNumber[i]);
}

/** What our loader answers; `refused` where it does not open on such tenant data at all. */
async function ourAnswers(questions) {
  const ours = Array.from({ length: questions.length }, () => 'refused');
  const byTenant = new Map();
  questions.forEach(({ tenant }, i) => {
    const key = JSON.stringify(tenant);
    byTenant.set(key, byTenant.get(key) ?? []).get(key).push(i);
  });
  for (const [tenant, numbers] of byTenant) {
    const gate = await opened(JSON.parse(tenant));
    if (!gate) continue;
    for (const i of numbers) {
      const { outcome, reasons, quorum } = await gate.decide(questions[i].entrypoint, questions[i].input);
      ours[i] = { outcome, reasons, quorum };
    }
    await gate.close();
  }
  return ours;
}

async function opened(tenantData) {
  try {
    return await openPolicy({ bundleDir: 'policies/bundle', tenantData, deadlineMs: 10_000 });
  } catch (error) {
    if (error.code === 'policy_tenant_data') return undefined;
    throw error;
  }
}

async function compare(name, questions, outcomes) {
  const theirs = theirAnswers(questions);
  const ours = await ourAnswers(questions);
  const tally = {};
  let differ = 0;
  ours.forEach((answer, i) => {
    const outcome = answer.outcome ?? answer;
    tally[outcome] = (tally[outcome] ?? 0) + 1;
    // tenant data that our loader refuses must not be something on which OPA lets anything through
    if (answer === 'refused' ? theirs[i]?.outcome !== 'allow' : isDeepStrictEqual(answer, theirs[i])) return;
    if (differ++ === 0) console.error(JSON.stringify({ asked: questions[i], opa: theirs[i], wasm: answer }, null, 2));
  });
  console.log(`${name}: ${questions.length} questions, ${differ} answered differently`, tally);
  // a run that never saw one of the outcomes shows little
  return differ === 0 && outcomes.every((outcome) => tally[outcome] > 0);
}

const OUTCOMES = ['allow', 'require_hitl', 'deny', 'block'];
const asked = testedQuestions(opa, 'policies');
const tested = asked.flatMap(({ tenant, input }) => ENTRYPOINTS.map((entrypoint) => ({ entrypoint, tenant, input })));
const random = randomQuestions(Number(count), JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')));
if (asked.length < FEWEST_TESTED) console.error(`only ${asked.length} questions were found in the tests`);
const agreed = [await compare('tests', tested, OUTCOMES), await compare('random', random, OUTCOMES), asked.length >= FEWEST_TESTED];
process.exit(agreed.every(Boolean) ? 0 : 1);
