import { randomBytes } from 'node:crypto';
import { type Erasure, type ErasureCommand, erasureInput, erasureScope, type ErasureTask } from '#lifecycle';
import { ENTRYPOINTS } from './gate.js';
import type { TenantRuntime } from './tenant.js';

/** Does one task of an erasure against policy or Vault and records what came of it. */
export async function performErasure(runtime: TenantRuntime, found: Erasure, task: ErasureTask): Promise<void> {
  const record = async (command: ErasureCommand): Promise<void> => {
    await runtime.ledger.commit({ do: 'inCase', case: found.id, actor: 'gatekeeper', command });
  };
  switch (task.do) {
    case 'judgeErasure': {
      const input = erasureInput(found, erasureScope(runtime.ledger.state, found, found.id), runtime.settings.id);
      const decision = await runtime.policy.decide(ENTRYPOINTS.erasure, input);
      return record({ do: 'judgeErasure', decision, nonce: randomBytes(32).toString('base64url') });
    }
    case 'destroyKeys':
      if (found.ordered) await runtime.keys.destroy(found.ordered);
      return record({ do: 'keysDestroyed' });
    case 'expire':
      return record(task);
  }
}
