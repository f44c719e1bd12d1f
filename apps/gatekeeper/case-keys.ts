import { CodedError, type JsonValue } from '#decider';
import { journalKeyPath, ledgerFieldContext, ledgerKeyPath, seal, type Sealed, unseal, type Vault } from '#vault';

const REMEMBERED = 2_000;
const AT_ONCE = 8;

/** Seals and unseals the personal fields of cases, each under its case's key in Vault. */
export class CaseKeys {
  readonly #recent = new Map<string, Uint8Array>();
  /** Whose keys are to be destroyed: they are kept in memory no more. */
  readonly #doomed = new Set<string>();

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

  /** Lets go of the keys of these cases; from now on each use asks Vault. */
  forget(cases: readonly string[]): void {
    for (const id of cases) {
      this.#doomed.add(id);
      this.#recent.delete(id);
    }
  }

  /**
   * Destroys the keys of these cases, in the ledger and in the journal at these portals, and the person's own, and looks that none is left.
   * It may be repeated. @throws VaultError, and CodedError `key_still_there`.
   */
  async destroy({ person, cases, portals }: { readonly person: string; readonly cases: readonly string[]; readonly portals: readonly string[] }): Promise<void> {
    this.forget(cases);
    const ofCase = (id: string): readonly string[] => [ledgerKeyPath(this.tenant, 'case', id), ...portals.map((portal) => journalKeyPath(this.tenant, id, portal))];
    const paths = [ledgerKeyPath(this.tenant, 'person', person), ...cases.flatMap(ofCase)];
    for (let first = 0; first < paths.length; first += AT_ONCE) await Promise.all(paths.slice(first, first + AT_ONCE).map((path) => this.#destroy(path)));
  }

  async #destroy(path: string): Promise<void> {
    await this.vault.destroy(path);
    if (await this.vault.exists(path)) throw new CodedError('key_still_there', 'Vault has destroyed a key and still knows of it');
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
    if (this.#doomed.has(caseId)) return;
    this.#recent.set(caseId, key);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > REMEMBERED && oldest !== undefined) this.#recent.delete(oldest);
  }
}
