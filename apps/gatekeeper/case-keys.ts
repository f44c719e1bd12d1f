import { CodedError, type JsonValue } from '#decider';
import { ledgerFieldContext, ledgerKeyPath, seal, type Sealed, unseal, type Vault } from '#vault';

const REMEMBERED = 2_000;

/** Seals and unseals the personal fields of cases, each under its case's key in Vault. */
export class CaseKeys {
  readonly #recent = new Map<string, Uint8Array>();

  constructor(
    private readonly vault: Vault,
    private readonly tenant: string,
    private readonly random: (bytes: number) => Uint8Array,
  ) {}

  /** Makes the key of a new case. @throws VaultError. */
  async create(caseId: string): Promise<void> {
    const key = this.random(32);
    if (await this.vault.createOnce(ledgerKeyPath(this.tenant, 'case', caseId), { key: Buffer.from(key).toString('base64url') })) this.#remember(caseId, key);
  }

  /** A personal value as it may stand in the ledger. `field` is authenticated with it. */
  async seal(caseId: string, field: string, value: JsonValue): Promise<Sealed> {
    return seal(value, await this.#key(caseId), ledgerFieldContext(this.tenant, caseId, field));
  }

  /** The value again. @throws CodedError `erased` when the key was destroyed, `unseal_failed`. */
  async unseal(caseId: string, field: string, sealed: Sealed): Promise<JsonValue> {
    return unseal(sealed, await this.#key(caseId), ledgerFieldContext(this.tenant, caseId, field));
  }

  async #key(caseId: string): Promise<Uint8Array> {
    const known = this.#recent.get(caseId);
    if (known) return known;
    const stored = await this.vault.read(ledgerKeyPath(this.tenant, 'case', caseId));
    if (typeof stored?.key !== 'string') throw new CodedError('erased', 'the key of this case was destroyed');
    const key = new Uint8Array(Buffer.from(stored.key, 'base64url'));
    this.#remember(caseId, key);
    return key;
  }

  #remember(caseId: string, key: Uint8Array): void {
    this.#recent.set(caseId, key);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > REMEMBERED && oldest !== undefined) this.#recent.delete(oldest);
  }
}
