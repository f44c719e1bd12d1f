import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type PolicyText, readPolicyText } from '#policy';
import type { Vault } from '#vault';
import type { CaseEntry, CaseFilter, CaseRow, Views } from '#views';
import { openStory } from './sealed-fields.js';

/** Where the app reads: each tenant's views, the keys of sealed fields, and the policy bundle. */
export class Sources {
  constructor(
    private readonly views: ReadonlyMap<string, Views>,
    readonly vault: Pick<Vault, 'read'>,
    readonly policyDir: string,
  ) {}

  /** The views of a tenant, which the token has named. */
  of(tenant: string): Views {
    const views = this.views.get(tenant);
    if (!views) throw new Error(`a reader of ${tenant}, which has no views`);
    return views;
  }
}

/** One page of a tenant's cases. */
export class ListCases extends Query<ReturnType<Views['cases']>> {
  constructor(
    readonly tenant: string,
    readonly filter: CaseFilter,
    readonly page: { readonly limit: number; readonly before?: number },
  ) {
    super();
  }
}

@QueryHandler(ListCases)
export class ListCasesHandler implements IQueryHandler<ListCases> {
  constructor(private readonly sources: Sources) {}

  execute({ tenant, filter, page }: ListCases): Promise<ReturnType<Views['cases']>> {
    return Promise.resolve(this.sources.of(tenant).cases(filter, page));
  }
}

/** A case as it is shown, its sealed fields opened where their key still exists. */
export interface OpenedCase {
  readonly row: CaseRow;
  readonly entries: readonly CaseEntry[];
}

/** One case with its whole story; undefined where the tenant has none of that id. */
export class ShowCase extends Query<OpenedCase | undefined> {
  constructor(
    readonly tenant: string,
    readonly id: string,
  ) {
    super();
  }
}

@QueryHandler(ShowCase)
export class ShowCaseHandler implements IQueryHandler<ShowCase> {
  constructor(private readonly sources: Sources) {}

  async execute({ tenant, id }: ShowCase): Promise<OpenedCase | undefined> {
    const found = this.sources.of(tenant).case(id);
    return found && { row: found.row, entries: await openStory(this.sources.vault, tenant, id, found.entries) };
  }
}

/** The Rego text that the evaluated Wasm was built from. */
export class ShowPolicy extends Query<PolicyText> {}

@QueryHandler(ShowPolicy)
export class ShowPolicyHandler implements IQueryHandler<ShowPolicy> {
  constructor(private readonly sources: Sources) {}

  execute(): Promise<PolicyText> {
    return readPolicyText(this.sources.policyDir);
  }
}
