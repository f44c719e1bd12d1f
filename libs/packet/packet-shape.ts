import { isJsonObject, type Instant } from '#decider';
import type { Packet, PacketStep, Phase } from './packet.js';

const tenantId = /^[a-z][a-z0-9-]{1,30}$/;
const caseId = /^c-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const portalId = /^[a-z][a-z0-9-]{0,30}$/;
const keyId = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;
const effectName = /^[a-z][A-Za-z0-9._:-]{0,63}$/;
// a portal's immutable id: anything printable, nothing that could break a line or a path apart unseen
const accountId = /^[^\p{C}]{1,256}$/u;
const sha256 = /^[0-9a-f]{64}$/;
const phases: readonly string[] = ['soft', 'hard', 'reinstate'] satisfies Phase[];
const maxSteps = 100;
const maxEffects = 32;

/** True for an id that may name a portal in packets, grants and Vault paths. */
export function isPortalId(text: string): boolean {
  return portalId.test(text);
}

/** True for exactly the closed shape of a packet of version 1: every member, of the right form, and no other. */
export function isPacket(value: unknown): value is Packet {
  return (
    hasExactly(value, ['v', 'tenant', 'case', 'order', 'phase', 'steps', 'decision', 'approvals', 'previous', 'notBefore', 'acceptBy', 'keys']) &&
    value.v === 1 &&
    matches(value.tenant, tenantId) &&
    matches(value.case, caseId) &&
    Number.isSafeInteger(value.order) &&
    Number(value.order) >= 1 &&
    typeof value.phase === 'string' &&
    phases.includes(value.phase) &&
    areSteps(value.steps) &&
    matches(value.decision, sha256) &&
    (value.approvals === null || matches(value.approvals, sha256)) &&
    (value.previous === null || matches(value.previous, sha256)) &&
    isInstant(value.notBefore) &&
    isInstant(value.acceptBy) &&
    value.notBefore <= value.acceptBy &&
    hasExactly(value.keys, ['hmac', 'ed25519']) &&
    matches(value.keys.hmac, keyId) &&
    matches(value.keys.ed25519, keyId)
  );
}

function areSteps(value: unknown): value is readonly PacketStep[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > maxSteps) return false;
  const steps: readonly unknown[] = value;
  if (!steps.every(isStep)) return false;
  return new Set(steps.map((step) => JSON.stringify([step.portal, step.account]))).size === steps.length;
}

function isStep(value: unknown): value is PacketStep {
  if (!hasExactly(value, ['portal', 'account', 'effects'])) return false;
  const { effects } = value;
  return (
    matches(value.portal, portalId) &&
    matches(value.account, accountId) &&
    Array.isArray(effects) &&
    effects.length >= 1 &&
    effects.length <= maxEffects &&
    effects.every((effect) => matches(effect, effectName)) &&
    new Set(effects).size === effects.length
  );
}

function hasExactly<Key extends string>(value: unknown, keys: readonly Key[]): value is Record<Key, unknown> {
  return isJsonObject(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

function matches(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isInstant(value: unknown): value is Instant {
  if (typeof value !== 'string') return false;
  const time = Date.parse(value);
  return Number.isFinite(time) && new Date(time).toISOString() === value;
}
