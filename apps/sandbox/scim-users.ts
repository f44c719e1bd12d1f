import SCIMMY from 'scimmy';
import { portalId, type ScimAccount } from './account-kinds.js';
import { equalities } from './scim-filter.js';
import type { Company } from './state.js';

/** Names scimmy's users as the company's SCIM accounts. */
export function declareUsers(): void {
  SCIMMY.Resources.declare(SCIMMY.Resources.User, {
    egress: (resource: InstanceType<typeof SCIMMY.Resources.User>, company: Company) => {
      if (resource.id === undefined) return found(resource.filter, company).map((account) => userOf(account));
      return userOf(accountOf(resource.id, company));
    },
    ingress: (resource: InstanceType<typeof SCIMMY.Resources.User>, user: UserFields, company: Company) => {
      if (resource.id === undefined) return userOf(created(user, company));
      return userOf(changed(accountOf(resource.id, company), user, company));
    },
    degress: (resource: InstanceType<typeof SCIMMY.Resources.User>, company: Company) => {
      company.scim.delete(accountOf(resource.id ?? '', company), 'delete');
    },
  });
}

interface Values {
  readonly value?: string;
}

/** What of a SCIM user the application keeps; groups are changed at the groups. */
interface UserFields {
  readonly userName?: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly name?: { readonly givenName?: string; readonly familyName?: string };
  readonly active?: boolean;
  readonly roles?: readonly Values[];
  readonly entitlements?: readonly Values[];
}

/** The index behind an attribute. */
const INDEXED: ReadonlyMap<string, string> = new Map([
  ['externalId', 'externalId'],
  ['userName', 'userName'],
  ['displayName', 'displayName'],
  ['emails.value', 'userName'],
]);

function found(filter: SCIMMY.Types.Filter | undefined, company: Company): readonly ScimAccount[] {
  if (!filter) return [...company.scim.all()];
  const asked = equalities(filter);
  if (asked?.every(({ attribute }) => attribute === 'id' || INDEXED.has(attribute))) {
    const accounts = asked.flatMap(({ attribute, value }) =>
      attribute === 'id' ? (company.scim.get(value) ?? []) : company.scim.find(`${INDEXED.get(attribute) ?? ''}:${value.toLowerCase()}`),
    );
    return [...new Set(accounts)];
  }
  const all = [...company.scim.all()].map((account) => ({ account, user: userOf(account) }));
  const matching = new Set<unknown>(filter.match(all.map(({ user }) => user)) as unknown[]);
  return all.filter(({ user }) => matching.has(user)).map(({ account }) => account);
}

function created(user: UserFields, company: Company): ScimAccount {
  const { userName = '', externalId = '' } = user;
  if (company.scim.find(`userName:${userName.toLowerCase()}`).length > 0) throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken');
  const account: ScimAccount = {
    id: portalId('scim', `${externalId}/${userName}/${String(company.scim.size)}`),
    version: 1,
    employeeNumber: externalId,
    userName,
    displayName: user.displayName ?? userName,
    givenName: user.name?.givenName ?? '',
    familyName: user.name?.familyName ?? '',
    active: user.active ?? true,
    groups: [],
    entitlements: texts(user.entitlements),
    roles: texts(user.roles),
    created: company.now(),
  };
  return company.scim.create(account, 'create');
}

function changed(account: ScimAccount, user: UserFields, company: Company): ScimAccount {
  const wanted: Partial<ScimAccount> = {
    active: user.active ?? account.active,
    userName: user.userName ?? account.userName,
    displayName: user.displayName ?? account.displayName,
    givenName: user.name?.givenName ?? account.givenName,
    familyName: user.name?.familyName ?? account.familyName,
    roles: texts(user.roles),
    entitlements: texts(user.entitlements),
  };
  const before: Readonly<Record<string, unknown>> = { ...account };
  const differing = Object.entries(wanted).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field]));
  const [first, ...more] = differing;
  if (!first) return company.scim.unchanged(account, 'update');
  const what = first[0] === 'active' && more.length === 0 ? (wanted.active === true ? 'activate' : 'deactivate') : 'update';
  return company.scim.change(account, what, Object.fromEntries(differing));
}

function userOf(account: ScimAccount) {
  return {
    id: account.id,
    externalId: account.employeeNumber,
    userName: account.userName,
    displayName: account.displayName,
    name: { formatted: account.displayName, givenName: account.givenName, familyName: account.familyName },
    active: account.active,
    emails: [{ value: account.userName, type: 'work', primary: true }],
    groups: account.groups.map((group) => ({ value: portalId('scim-group', group), display: group, type: 'direct' })),
    entitlements: account.entitlements.map((value) => ({ value })),
    roles: account.roles.map((value) => ({ value })),
    meta: { created: account.created, version: `W/"${String(account.version)}"` },
  };
}

function texts(values: readonly Values[] | undefined): readonly string[] {
  return (values ?? []).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])).sort();
}

function accountOf(id: string, company: Company): ScimAccount {
  const account = company.scim.get(id);
  if (!account) throw new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);
  return account;
}
