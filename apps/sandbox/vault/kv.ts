import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { absent, type Ask, invalid, type Reply, unsupported, VaultRefusal } from './exchange.js';
import type { Table } from './tables.js';

interface Version {
  readonly createdAt: string;
  readonly deletedAt: string;
  readonly destroyed: boolean;
  readonly data: JsonObject | null;
}

/** A secret with its versions, the first at index 0. */
export interface Secret {
  readonly versions: readonly Version[];
}

/** The key-value engine, version 2, at `secret/`: `data/` and `metadata/`. */
export class KeyValue {
  constructor(
    private readonly table: Table<Secret>,
    private readonly clock: () => Date,
  ) {}

  /** Whether a write to `secret/data/…` is an update: a newest version is there and not deleted. */
  exists(path: string): boolean {
    const newest = this.table.get(path.slice('secret/data/'.length))?.versions.at(-1);
    return newest?.data !== null && newest !== undefined && newest.deletedAt === '';
  }

  answer({ operation, path, body }: Ask): Reply {
    const [, kind, ...segments] = path.split('/');
    const key = segments.join('/');
    if (key === '' && operation !== 'list') throw absent();
    if (kind === 'metadata') return this.metadata(operation, key);
    if (kind !== 'data') throw unsupported();
    if (operation === 'read') return this.read(key);
    if (operation === 'delete') return this.deleteNewest(key);
    return this.write(key, body);
  }

  private read(key: string): Reply {
    const secret = this.table.get(key);
    const newest = secret?.versions.at(-1);
    if (!secret || !newest) throw absent();
    const data = { data: newest.data, metadata: versionShown(secret, newest) };
    if (newest.deletedAt !== '' || newest.destroyed) throw new VaultRefusal(404, [], { ...data, data: null });
    return { data };
  }

  private write(key: string, body: JsonObject): Reply {
    const { data, options } = body;
    if (!isJsonObject(data)) throw invalid('no data provided');
    const versions = this.table.get(key)?.versions ?? [];
    const cas: JsonValue | undefined = isJsonObject(options) ? options.cas : undefined;
    if (cas !== undefined && cas !== versions.length) throw invalid('check-and-set parameter did not match the current version');
    const version: Version = { createdAt: this.clock().toISOString(), deletedAt: '', destroyed: false, data };
    const secret = { versions: [...versions, version] };
    this.table.set(key, secret);
    return { data: versionShown(secret, version) };
  }

  private deleteNewest(key: string): Reply {
    const versions = this.table.get(key)?.versions ?? [];
    const newest = versions.at(-1);
    if (newest?.deletedAt === '') this.table.set(key, { versions: [...versions.slice(0, -1), { ...newest, deletedAt: this.clock().toISOString() }] });
    return undefined;
  }

  private metadata(operation: Ask['operation'], key: string): Reply {
    if (operation === 'delete') {
      this.table.delete(key);
      return undefined;
    }
    if (operation === 'list') return { data: { keys: this.below(key) } };
    if (operation !== 'read') throw unsupported();
    const secret = this.table.get(key);
    if (!secret) throw absent();
    const versions = secret.versions.map((version, i) => [String(i + 1), versionShown(secret, version)] as const);
    return { data: { current_version: versions.length, max_versions: 0, cas_required: false, versions: Object.fromEntries(versions) } };
  }

  private below(prefix: string): readonly string[] {
    const start = prefix === '' ? '' : `${prefix}/`;
    const found = new Set<string>();
    for (const [key] of this.table.entries()) {
      if (!key.startsWith(start)) continue;
      const rest = key.slice(start.length);
      const slash = rest.indexOf('/');
      found.add(slash < 0 ? rest : rest.slice(0, slash + 1));
    }
    if (found.size === 0) throw absent();
    return [...found].sort();
  }
}

function versionShown(secret: Secret, version: Version): JsonObject {
  const { createdAt, deletedAt, destroyed } = version;
  return { created_time: createdAt, custom_metadata: null, deletion_time: deletedAt, destroyed, version: secret.versions.indexOf(version) + 1 };
}
