import { gunzipSync } from 'node:zlib';
import { CodedError } from '#decider';

/** The files of a bundle by their paths, such as `policy.wasm` or `gatehouse/rules/risk/risk.rego`. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** The most that a bundle may swell to: far above any policy, far below what hurts the process that unpacks it. */
const MOST_BYTES = 16 * 1024 * 1024;
const BLOCK = 512;
const PATH = /^(?!\/)(?:(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/|$))+(?<!\/)$/u;

/** Bytes of a header of POSIX ustar (IEEE 1003.1, pax): where each field stands. */
const FIELDS = { name: [0, 100], size: [124, 136], sum: [148, 156], type: [156, 157], magic: [257, 262], prefix: [345, 500] } as const;

/**
 * The files of a `.tar.gz`, as `opa build` and tar write them: plain files and folders of ustar, each path once.
 * @throws CodedError `policy.bundle` for anything else, or for more than 16 MB of it.
 */
export function filesIn(archive: Uint8Array): BundleFiles {
  const tar = unzipped(archive);
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    const { path, size, type } = entryOf(header);
    const begin = at + BLOCK;
    if (begin + size > tar.length) refuse(`${path} is cut off`);
    if (type === 'file') {
      if (!PATH.test(path) || files.has(path)) refuse(`${JSON.stringify(path)} is no path of a bundle, or there twice`);
      files.set(path, tar.subarray(begin, begin + size));
    }
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  return refuse('its archive has no end');
}

function unzipped(archive: Uint8Array): Uint8Array {
  try {
    return gunzipSync(archive, { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    throw new CodedError('policy.bundle', 'policy bundle: not a .tar.gz of 16 MB at most', { cause });
  }
}

function entryOf(header: Uint8Array): { readonly path: string; readonly size: number; readonly type: 'file' | 'folder' } {
  const text = (field: keyof typeof FIELDS): string => Buffer.from(header.subarray(...FIELDS[field])).toString('latin1').split('\0', 1)[0] ?? '';
  const octal = (field: 'size' | 'sum'): number => (/^ *[0-7]{1,12} *$/u.test(text(field)) ? Number.parseInt(text(field), 8) : refuse('a number of its archive is none'));
  const [from, to] = FIELDS.sum;
  // the sum is taken over the header with blanks where the sum itself stands
  const sum = header.reduce((total, byte, at) => total + (at >= from && at < to ? 0x20 : byte), 0);
  if (text('magic') !== 'ustar' && text('magic') !== 'ustar ') refuse('its archive is not ustar');
  if (octal('sum') !== sum) refuse('a header of its archive is damaged');
  const path = [text('prefix'), text('name')].filter((part) => part !== '').join('/');
  const type = text('type');
  if (type !== '' && type !== '0' && type !== '5') refuse(`${JSON.stringify(path)} is neither a file nor a folder`);
  // opa writes /policy.wasm, and tar of a folder ./policy.wasm
  return { path: path.replace(/^(?:\.?\/)+/u, ''), size: octal('size'), type: type === '5' ? 'folder' : 'file' };
}

function refuse(why: string): never {
  throw new CodedError('policy.bundle', `policy bundle: ${why}`);
}
