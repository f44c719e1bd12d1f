import { codeOf, type JsonObject } from '#decider';
import { jcs, sha256Hex } from '#ledger';
import { answerIn } from './answer.js';
import { type Bundle, readBundle } from './bundle.js';
import { type Answer, type Decision, decisionOf, NO_DIGEST } from './decision.js';
import { Evaluator } from './evaluator.js';
import type { ErasureInput, PolicyInput } from './input.js';
import { isRefusalCode, refusal, type RefusalCode } from './refusal.js';
import { checkTenantData } from './tenant-data.js';

const MOST_INPUT_BYTES = 64 * 1024;

/** One tenant's gate. It always answers: where the policy cannot, the answer is deny and says why. */
export interface PolicyEngine {
  decide(entrypoint: string, input: PolicyInput | ErasureInput): Promise<Decision>;
  /** SHA-256 over the Wasm, or 64 zeros without one. */
  readonly digest: string;
  /** Why every decision is a refusal, if it is: the bundle is missing or not the expected one. */
  readonly fault: RefusalCode | undefined;
  /** The Rego that the Wasm was built from; empty without a bundle or its texts. */
  text(): readonly { readonly path: string; readonly text: string }[];
  close(): Promise<void>;
}

/**
 * Opens the gate on a bundle folder. `deadlineMs` bounds each evaluation; `expectedDigest` is the Wasm's SHA-256.
 * A bundle that is missing, damaged or not the expected one gives a gate that denies everything.
 * @throws CodedError `policy_tenant_data` for tenant data that the rules cannot stand on.
 */
export async function openPolicy(options: {
  bundleDir: string;
  tenantData: JsonObject;
  deadlineMs: number;
  expectedDigest?: string;
}): Promise<PolicyEngine> {
  const { bundleDir, tenantData, deadlineMs, expectedDigest } = options;
  checkTenantData(tenantData);
  try {
    return policyOf(await readBundle(bundleDir, expectedDigest), tenantData, deadlineMs);
  } catch (error) {
    const code = codeOf(error);
    return shutGate(isRefusalCode(code) ? code : 'policy.bundle', sha256Hex(jcs(tenantData)));
  }
}

/** The gate on a bundle that was read and checked. @throws CodedError `policy_tenant_data` as above. */
export function policyOf(bundle: Bundle, tenantData: JsonObject, deadlineMs: number): PolicyEngine {
  checkTenantData(tenantData);
  const dataDigest = sha256Hex(jcs(tenantData));
  const evaluator = new Evaluator(bundle.wasm, tenantData, deadlineMs);
  const answer = async (entrypoint: string, input: Uint8Array): Promise<Answer> => {
    if (!bundle.manifest.entrypoints.includes(entrypoint)) return refusal('policy.entrypoint');
    if (input.length === 0 || input.length > MOST_INPUT_BYTES) return refusal('policy.input');
    const evaluation = await evaluator.evaluate(entrypoint, new Uint8Array(input).buffer);
    return 'refused' in evaluation ? refusal(evaluation.refused) : answerIn(evaluation.results);
  };
  return {
    digest: bundle.digest,
    fault: undefined,
    decide: async (entrypoint, input) => {
      const bytes = canonical(input);
      const rests = { policyDigest: bundle.digest, dataDigest, inputDigest: digestOf(bytes) };
      return decisionOf(entrypoint, rests, await answer(entrypoint, bytes));
    },
    text: () => bundle.text,
    close: () => evaluator.close(),
  };
}

function shutGate(fault: RefusalCode, dataDigest: string): PolicyEngine {
  return {
    digest: NO_DIGEST,
    fault,
    decide: (entrypoint, input) => {
      const rests = { policyDigest: NO_DIGEST, dataDigest, inputDigest: digestOf(canonical(input)) };
      return Promise.resolve(decisionOf(entrypoint, rests, refusal(fault)));
    },
    text: () => [],
    close: () => Promise.resolve(),
  };
}

/** The input's canonical bytes; none for what is not JSON (NaN, a lone surrogate), which the gate then refuses. */
function canonical(input: PolicyInput | ErasureInput): Uint8Array {
  try {
    return jcs(input);
  } catch {
    return new Uint8Array(0);
  }
}

function digestOf(bytes: Uint8Array): string {
  return bytes.length === 0 ? NO_DIGEST : sha256Hex(bytes);
}
