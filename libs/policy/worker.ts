import { parentPort, workerData } from 'node:worker_threads';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { Load, Question } from './evaluator.js';

// The thread in which a policy runs. Whatever goes wrong here ends it: no state of a failed evaluation lives on.

const { wasm, data, memoryPages } = workerData as Load;
const policy = await loadPolicy(wasm, { initial: 5, maximum: memoryPages });
policy.setData({ tenant: data });

let failed = false;

parentPort?.on('message', ({ id, entrypoint, input }: Question) => {
  // what is asked behind a failure is asked again in a new thread
  if (failed) return;
  try {
    const results: unknown = policy.evaluate(input, entrypoint);
    parentPort?.postMessage({ id, results });
  } catch {
    failed = true;
    parentPort?.postMessage({ id, failed });
  }
});
parentPort?.postMessage('ready');
