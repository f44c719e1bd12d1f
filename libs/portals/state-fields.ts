import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { PlannedStep, PortalState } from './connector.js';

/** `field` of a state or step as a list of texts. @throws CodedError `portal_state`. */
export function textsIn(from: JsonObject, field: string): readonly string[] {
  const list = from[field];
  if (!isTexts(list)) throw new CodedError('portal_state', `${field}: not a list of texts`);
  return list;
}

export function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A text, or null for anything else. */
export const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);

/** Objects of a list, or none when it is not a list of objects. */
export function objectsIn(from: JsonObject, field: string): readonly JsonObject[] {
  const list = from[field];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** Sorted and without repetition, so that equal states are equal text. */
export const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/** Texts compared as addresses and names are: without case and outer space, in one Unicode form. */
export const sameText = (a: string, b: string): boolean => folded(a) === folded(b);
const folded = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** A step that brings the list from `have` to `want`, or nothing when it is there. */
export function listStep(effect: string, reversible: boolean, have: readonly string[], want: readonly string[]): readonly PlannedStep[] {
  const add = want.filter((item) => !have.includes(item));
  const remove = have.filter((item) => !want.includes(item));
  return add.length + remove.length === 0 ? [] : [{ effect, reversible, detail: { add, remove } }];
}

/** A step that makes `current` as active as `before`, or nothing when it is. */
export function statusStep(before: PortalState & JsonObject, current: PortalState & JsonObject): readonly PlannedStep[] {
  const { active } = before;
  if (typeof active !== 'boolean') throw new CodedError('portal_state', 'active: not a yes or no');
  return active === current['active'] ? [] : [{ effect: active ? 'activate' : 'deactivate', reversible: true, detail: {} }];
}
