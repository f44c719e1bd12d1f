import { absent, type Ask, invalid, type Reply, unsupported } from './exchange.js';

const MOUNTS: Readonly<Record<string, { readonly type: string; readonly options?: { readonly version: string } }>> = {
  'secret/': { type: 'kv', options: { version: '2' } },
  'transit/': { type: 'transit' },
};
const AUTH: typeof MOUNTS = { 'approle/': { type: 'approle' }, 'token/': { type: 'token' } };

/** `sys/mounts` and `sys/auth`: what is mounted is so from the start, and a set-up that mounts it again is told so in Vault's words. */
export function systemAnswer({ operation, path }: Ask): Reply {
  const [, kind, ...rest] = path.split('/');
  const mounts = kind === 'mounts' ? MOUNTS : kind === 'auth' ? AUTH : undefined;
  if (!mounts) throw absent();
  if (operation === 'read') return { data: mounts };
  if (operation !== 'update') throw unsupported();
  const at = `${rest.join('/')}/`;
  throw invalid(at in mounts ? `path is already in use at ${at}` : `only ${Object.keys(mounts).join(', ')} can be mounted here`);
}
