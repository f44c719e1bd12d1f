import SCIMMY from 'scimmy';
import type { ScimAccount } from './account-kinds.js';
import { equalities } from './scim-filter.js';
import type { Company } from './state.js';

type GroupResource = InstanceType<typeof SCIMMY.Resources.Group>;

/** Names scimmy's groups as those that the company's SCIM accounts are in; they may be joined and left, and stand otherwise. */
export function declareGroups(): void {
  SCIMMY.Resources.declare(SCIMMY.Resources.Group, {
    egress: (resource: GroupResource, company: Company) => {
      if (resource.id === undefined) return found(resource.filter, company);
      return groupOf(resource.id, company);
    },
    ingress: (resource: GroupResource, wanted: { readonly members?: readonly { readonly value?: string }[] }, company: Company) => {
      if (resource.id === undefined) throw fixed();
      const group = groupOf(resource.id, company);
      const before = group.members.map(({ value }) => value);
      const members = (wanted.members ?? []).flatMap(({ value }) => value ?? []);
      for (const id of members) if (!before.includes(id)) join(group.displayName, id, company);
      for (const id of before) if (!members.includes(id)) leave(group.displayName, id, company);
      return groupOf(resource.id, company);
    },
    degress: () => {
      throw fixed();
    },
  });
}

function join(group: string, id: string, company: Company): void {
  const account = company.scim.get(id);
  if (!account) throw new SCIMMY.Types.Error(400, 'invalidValue', `there is no user ${id}`);
  company.scim.change(account, `give_group:${group}`, { groups: [...account.groups, group].sort() });
}

function leave(group: string, id: string, company: Company): void {
  const account = company.scim.get(id);
  if (account) company.scim.change(account, `take_group:${group}`, { groups: account.groups.filter((other) => other !== group) });
}

function found(filter: SCIMMY.Types.Filter | undefined, company: Company) {
  const [only, ...more] = (filter && equalities(filter)) ?? [];
  if (only?.attribute === 'members.value' && more.length === 0) {
    const held = company.scim.get(only.value)?.groups ?? [];
    return [...company.scimGroups].filter(([, name]) => held.includes(name)).map(([id]) => groupOf(id, company));
  }
  const all = [...company.scimGroups.keys()].map((id) => groupOf(id, company));
  if (!filter) return all;
  const matching: readonly unknown[] = filter.match(all);
  return all.filter((group) => matching.includes(group));
}

function groupOf(id: string, company: Company) {
  const displayName = company.scimGroups.get(id);
  if (displayName === undefined) throw new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);
  const members = company.scim.find(`group:${displayName}`).map((account: ScimAccount) => ({ value: account.id, display: account.displayName, type: 'User' }));
  return { id, displayName, members };
}

function fixed(): Error {
  return new SCIMMY.Types.Error(501, '', 'groups are made when the company is founded');
}
