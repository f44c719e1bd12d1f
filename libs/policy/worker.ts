import { parentPort, workerData } from 'node:worker_threads';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { Load, Question } from './evaluator.js';

// The thread in which a policy runs. Whatever goes wrong here ends it: no state of a failed evaluation lives on.

const { wasm, data, memoryPages } = workerData as Load;
const policy = await loadPolicy(wasm, { initial: 5, maximum: memoryPages });
policy.setData({ tenant: data });

parentPort?.on('message', ({ id, entrypoint, input }: Question) => {
  const results: unknown = policy.evaluate(input, entrypoint);
  parentPort?.postMessage({ id, results });
});
parentPort?.postMessage('ready');
