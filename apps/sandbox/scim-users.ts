import SCIMMY from 'scimmy';
import { portalId, type ScimAccount } from './account-kinds.js';
import { equalities, type ScimCall } from './scim-call.js';

/** Names scimmy's users as the company's SCIM accounts. */
export function declareUsers(): void {
  SCIMMY.Resources.declare(SCIMMY.Resources.User, {
    egress: (resource: InstanceType<typeof SCIMMY.Resources.User>, call: ScimCall) => {
      if (resource.id === undefined) return found(resource.filter, call).map((account) => userOf(account));
      const account = call.company.scim.get(resource.id);
      if (!account) throw missing(resource.id);
      call.account = account;
      return userOf(account);
    },
    ingress: (resource: InstanceType<typeof SCIMMY.Resources.User>, user: UserFields, call: ScimCall) => {
      if (resource.id === undefined) return userOf(created(user, call));
      const account = call.company.scim.get(resource.id);
      if (!account) throw missing(resource.id);
      return userOf(changed(account, call.account ?? account, user, call));
    },
    degress: (resource: InstanceType<typeof SCIMMY.Resources.User>, call: ScimCall) => {
      const account = call.company.scim.get(resource.id ?? '');
      if (!account) throw missing(resource.id ?? '');
      call.company.scim.delete(account, 'delete');
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

const INDEXED: Readonly<Record<string, string>> = {
  externalId: 'externalId',
  userName: 'userName',
  displayName: 'displayName',
  'emails.value': 'userName',
};

function found(filter: SCIMMY.Types.Filter | undefined, { company }: ScimCall): readonly ScimAccount[] {
  if (!filter) return [...company.scim.all()];
  const asked = equalities(filter);
  if (asked?.every(({ attribute }) => attribute === 'id' || attribute in INDEXED)) {
    const accounts = asked.flatMap(({ attribute, value }) =>
      attribute === 'id' ? (company.scim.get(value) ?? []) : company.scim.find(`${INDEXED[attribute] ?? ''}:${value.toLowerCase()}`),
    );
    return [...new Set(accounts)];
  }
  const all = [...company.scim.all()].map((account) => ({ account, user: userOf(account) }));
  const matching = new Set<unknown>(filter.match(all.map(({ user }) => user)) as unknown[]);
  return all.filter(({ user }) => matching.has(user)).map(({ account }) => account);
}

function created(user: UserFields, { company }: ScimCall): ScimAccount {
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

function changed(account: ScimAccount, shown: ScimAccount, user: UserFields, { company }: ScimCall): ScimAccount {
  const wanted: Partial<ScimAccount> = {
    active: user.active ?? shown.active,
    userName: user.userName ?? shown.userName,
    displayName: user.displayName ?? shown.displayName,
    givenName: user.name?.givenName ?? shown.givenName,
    familyName: user.name?.familyName ?? shown.familyName,
    roles: texts(user.roles),
    entitlements: texts(user.entitlements),
  };
  const before: Readonly<Record<string, unknown>> = { ...account };
  const picture: Readonly<Record<string, unknown>> = { ...shown };
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  const asked = Object.entries(wanted).filter(([field, value]) => differs(value, picture[field]));
  const fields = Object.fromEntries(asked.filter(([field, value]) => differs(value, before[field])));
  const what = asked.length === 1 && asked[0]?.[0] === 'active' ? (user.active === true ? 'activate' : 'deactivate') : 'update';
  return Object.keys(fields).length === 0 ? company.scim.unchanged(account, what) : company.scim.change(account, what, fields);
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

function missing(id: string): Error {
  return new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);
}
