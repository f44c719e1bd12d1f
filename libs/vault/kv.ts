import { isJsonObject, type JsonObject } from '#decider';
import { VaultError, type VaultClient } from './client.js';
import { logicalPath } from './names.js';

/** Version 2 of the key-value engine at mount `secret`, by logical path. */
export interface KeyValue {
  /** The newest version, or undefined when there is none or it was deleted. */
  read(path: string): Promise<JsonObject | undefined>;
  /** Writes a value that must not be there yet; false when it was there already. */
  createOnce(path: string, value: JsonObject): Promise<boolean>;
  /** True while there is any version, or metadata that speaks of one; it never reads a value. */
  exists(path: string): Promise<boolean>;
  /** Removes every version and the metadata; done also when nothing was there. */
  destroy(path: string): Promise<void>;
}

/** @throws from each call VaultError, and CodedError `vault_name` for a path that is not plain names. */
export function keyValue(client: VaultClient): KeyValue {
  const found = async (at: string): Promise<JsonObject | undefined> => {
    try {
      return await client.read(at);
    } catch (error) {
      if (error instanceof VaultError && error.status === 404) return undefined;
      throw error;
    }
  };
  const read = async (path: string): Promise<JsonObject | undefined> => {
    const at = `secret/data/${logicalPath(path)}`;
    const answer = await found(at);
    if (answer === undefined) return undefined;
    const value = isJsonObject(answer['data']) ? answer['data']['data'] : undefined;
    if (!isJsonObject(value)) throw new VaultError('vault_answer', `${at}: no value in the answer`);
    return value;
  };
  return {
    read,
    async createOnce(path, value) {
      try {
        await client.write(`secret/data/${logicalPath(path)}`, { options: { cas: 0 }, data: value });
        return true;
      } catch (error) {
        // who may create but not update is told 403 instead of 400 when it is there already
        const maybeThere = error instanceof VaultError && (error.status === 400 || error.status === 403);
        if (maybeThere && (await read(path)) !== undefined) return false;
        throw error;
      }
    },
    exists: async (path) => (await found(`secret/metadata/${logicalPath(path)}`)) !== undefined,
    destroy: async (path) => client.remove(`secret/metadata/${logicalPath(path)}`),
  };
}
