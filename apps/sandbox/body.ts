import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { Call } from './service.js';

/** The call's JSON body when it is an object; an empty body is an empty object; undefined for anything else. */
export function jsonBody(call: Pick<Call, 'body'>): JsonObject | undefined {
  if (call.body.length === 0) return {};
  try {
    const value = JSON.parse(call.body.toString('utf8')) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
