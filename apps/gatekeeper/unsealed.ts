import type { ApprovalView } from '#approvals';
import { codeOf, isJsonObject, type JsonValue } from '#decider';
import type { Sealed } from '#vault';
import type { TenantRuntime } from './tenant.js';

/** A sealed field of a case or procedure; undefined once its key was destroyed. @throws CodedError `unseal_failed`, VaultError. */
export async function openField(runtime: Pick<TenantRuntime, 'keys'>, id: string, field: string, sealed: Sealed): Promise<JsonValue | undefined> {
  try {
    return await runtime.keys.unseal(id, field, sealed);
  } catch (error) {
    if (codeOf(error) === 'erased') return undefined;
    throw error;
  }
}

/** A person as approvers are shown them, by a label that was opened. */
export function personIn(id: string, label: JsonValue | undefined): NonNullable<ApprovalView['subject']> {
  const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
  return { id, name: isJsonObject(label) ? text(label.name) : 'erased', address: isJsonObject(label) ? text(label.address) : 'erased' };
}
