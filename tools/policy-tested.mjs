// The questions that the Rego tests ask: the tests run over a copy of the rules in which each set of findings, and the quorum,
// says first what it was asked.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ASKED = 'asked:';
const BODY = `{\n\tprint("${ASKED}", json.marshal({"input": input, "tenant": data.tenant}))\n\tfalse\n}\n`;
const QUORUM = 'default people := 2\n';

/** Each distinct {tenant, input} that the tests of `policies` ask, as OPA itself (`opa`, its path) runs them. */
export function testedQuestions(opa, policies) {
  const work = mkdtempSync(join(tmpdir(), 'tested-'));
  try {
    for (const part of ['gatehouse', 'tenant']) cpSync(join(policies, part), join(work, part), { recursive: true });
    for (const file of readdirSync(work, { recursive: true })) speak(join(work, String(file)));
    const run = spawnSync(opa, ['test', '--format', 'json', work], { encoding: 'utf8', maxBuffer: 2 ** 30 });
    if (run.status !== 0) throw new Error(run.stderr + run.stdout);
    const said = JSON.parse(run.stdout).flatMap(({ output }) => Buffer.from(output ?? '', 'base64').toString('utf8').split('\n'));
    const asked = said.filter((line) => line.startsWith(ASKED)).map((line) => line.slice(ASKED.length).trim());
    // a test without any input asks nothing
    return [...new Set(asked)].filter((one) => one !== '<undefined>').map((one) => JSON.parse(one));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function speak(file) {
  if (!/(?<!_test)\.rego$/u.test(file)) return;
  const text = readFileSync(file, 'utf8');
  if (text.includes('findings contains verdict.finding')) appendFileSync(file, `\nfindings contains "" if ${BODY}`);
  else if (text.includes(QUORUM)) writeFileSync(file, text.replace(QUORUM, `${QUORUM}\npeople := 1 if ${BODY}`));
}
