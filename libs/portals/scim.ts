import { CodedError, isJsonObject, type JsonObject } from '#decider';
import { accountRef } from './account-ref.js';
import type { AccountRef, Connector, PlannedStep, PortalState, Subject } from './connector.js';
import { pathPart, type PortalAddress, portalCalls, type PortalCalls, PortalError, there } from './portal-calls.js';
import { everyResource, filterText, groupsNamedIn, idOf, stateOf } from './scim-answers.js';
import { planScim, scimEffects, scimHoldings } from './scim-plan.js';
import { isTexts, textOf, textsIn } from './state-fields.js';

/** An application with SCIM 2.0 (RFC 7643, 7644) at `address.url`; externalId is taken for the HRIS number. */
export function scimConnector(portal: string, address: PortalAddress): Connector {
  const call = portalCalls(address, 'application/scim+json');
  return {
    kind: 'scim',
    portal,
    unrestorable: [],
    effects: scimEffects,
    plan: planScim,
    holds: scimHoldings,
    async find(subject) {
      const users = await everyResource(call, '/Users', filterFor(subject));
      return Promise.all(users.map(async (user) => reference(portal, user, await state(call, user), subject)));
    },
    async inspect(account) {
      const answer = await call('GET', `/Users/${pathPart(account)}`);
      if (answer.missing) return { exists: false };
      if (!isJsonObject(answer.body) || answer.body['id'] !== account) throw new PortalError('portal_answer', 'another user than asked for');
      return state(call, answer.body);
    },
    apply: async (account, step) => apply(call, account, step),
  };
}

function filterFor(subject: Subject): string {
  if ('employee' in subject) return `externalId eq ${filterText(subject.employee)}`;
  if ('name' in subject) return `displayName eq ${filterText(subject.name)}`;
  return `userName eq ${filterText(subject.address)} or emails.value eq ${filterText(subject.address)}`;
}

async function state(call: PortalCalls, user: JsonObject): Promise<PortalState & JsonObject> {
  return stateOf(user, groupsNamedIn(user) ?? (await groupsOf(call, idOf(user))));
}

async function groupsOf(call: PortalCalls, account: string): Promise<readonly string[]> {
  return (await everyResource(call, '/Groups', `members.value eq ${filterText(account)}`)).map(idOf);
}

async function apply(call: PortalCalls, account: string, { effect, detail }: PlannedStep): Promise<void> {
  const user = `/Users/${pathPart(account)}`;
  switch (effect) {
    case 'deactivate':
    case 'activate':
      { there(await call('PATCH', user, patchOf({ op: 'replace', path: 'active', value: effect === 'activate' }))); return; }
    case 'delete_account':
      await call('DELETE', user);
      return;
    case 'remove_groups':
    case 'restore_groups':
      await Promise.all([
        ...textsIn(detail, 'add').map(async (group) => there(await call('PATCH', `/Groups/${pathPart(group)}`, patchOf(join(account))))),
        ...textsIn(detail, 'remove').map(async (group) => call('PATCH', `/Groups/${pathPart(group)}`, patchOf(leave(account)))),
      ]);
      return;
    default:
      throw new CodedError('portal_state', 'a step that is none of SCIM');
  }
}

const join = (account: string): JsonObject => ({ op: 'add', path: 'members', value: [{ value: account }] });
const leave = (account: string): JsonObject => ({ op: 'remove', path: `members[value eq ${filterText(account)}]` });

const patchOf = (operation: JsonObject): JsonObject => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] });

function reference(portal: string, user: JsonObject, current: PortalState & JsonObject, subject: Subject): AccountRef {
  const { userName, externalId, displayName, emails } = current;
  const holder = { address: textOf(userName), aliases: isTexts(emails) ? emails : [], employee: textOf(externalId), name: textOf(displayName) };
  return accountRef(portal, idOf(user), holder, subject, current);
}
