import SCIMMY from 'scimmy';
import type { ScimAccount } from './account-kinds.js';
import { equalities, type ScimCall } from './scim-call.js';

type GroupResource = InstanceType<typeof SCIMMY.Resources.Group>;

/** Names scimmy's groups as those that the company's SCIM accounts are in; they may be joined and left, and stand otherwise. */
export function declareGroups(): void {
  SCIMMY.Resources.declare(SCIMMY.Resources.Group, {
    egress: (resource: GroupResource, call: ScimCall) => {
      if (resource.id === undefined) return found(resource.filter, call);
      const group = groupOf(resource.id, call);
      call.members.set(resource.id, group.members.map(({ value }) => value));
      return group;
    },
    ingress: (resource: GroupResource, wanted: { readonly members?: readonly { readonly value?: string }[] }, call: ScimCall) => {
      if (resource.id === undefined) throw fixed();
      const group = groupOf(resource.id, call);
      const shown = call.members.get(resource.id) ?? group.members.map(({ value }) => value);
      const members = (wanted.members ?? []).flatMap(({ value }) => value ?? []);
      for (const id of members) if (!shown.includes(id)) join(group.displayName, id, call);
      for (const id of shown) if (!members.includes(id)) leave(group.displayName, id, call);
      return groupOf(resource.id, call);
    },
    degress: () => {
      throw fixed();
    },
  });
}

function join(group: string, id: string, { company }: ScimCall): void {
  const account = company.scim.get(id);
  if (!account) throw new SCIMMY.Types.Error(400, 'invalidValue', `there is no user ${id}`);
  const what = `give_group:${group}`;
  if (account.groups.includes(group)) company.scim.unchanged(account, what);
  else company.scim.change(account, what, { groups: [...account.groups, group].sort() });
}

function leave(group: string, id: string, { company }: ScimCall): void {
  const account = company.scim.get(id);
  if (!account) return;
  const what = `take_group:${group}`;
  if (account.groups.includes(group)) company.scim.change(account, what, { groups: account.groups.filter((other) => other !== group) });
  else company.scim.unchanged(account, what);
}

function found(filter: SCIMMY.Types.Filter | undefined, call: ScimCall) {
  const { company } = call;
  const [only, ...more] = (filter && equalities(filter)) ?? [];
  if (only?.attribute === 'members.value' && more.length === 0) {
    const held = company.scim.get(only.value)?.groups ?? [];
    return [...company.scimGroups].filter(([, name]) => held.includes(name)).map(([id]) => groupOf(id, call));
  }
  const all = [...company.scimGroups.keys()].map((id) => groupOf(id, call));
  if (!filter) return all;
  const matching: readonly unknown[] = filter.match(all);
  return all.filter((group) => matching.includes(group));
}

function groupOf(id: string, { company }: ScimCall) {
  const displayName = company.scimGroups.get(id);
  if (displayName === undefined) throw new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);
  const members = company.scim.find(`group:${displayName}`).map((account: ScimAccount) => ({ value: account.id, display: account.displayName, type: 'User' }));
  return { id, displayName, members };
}

function fixed(): Error {
  return new SCIMMY.Types.Error(501, '', 'groups are made when the company is founded');
}
