import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { archived, tarEntry, tarGz } from '../../test/policy/signed-archive.js';
import { filesIn } from './archive.js';

const contentOf = (archive: Buffer) => Object.fromEntries([...filesIn(archive)].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));

describe('an archive', () => {
  it('gives its files by their paths, whether they begin with /, ./ or nothing', () => {
    const archive = archived(tarEntry('./', '', { type: '5' }), tarEntry('./policy.wasm', 'x'.repeat(513)), tarEntry('/.manifest', '{}'), tarEntry('gatehouse/a.rego', ''));
    expect(contentOf(archive)).toEqual({ 'policy.wasm': 'x'.repeat(513), '.manifest': '{}', 'gatehouse/a.rego': '' });
  });

  it.each<[string, () => Buffer]>([
    ['that is not compressed', () => gunzipSync(tarGz({ a: 'b' }))],
    ['that is compressed, and no tar', () => gzipSync(Buffer.alloc(1024, 'a'))],
    ['that swells to more than it may', () => gzipSync(Buffer.alloc(17 * 1024 * 1024))],
    ['without an end', () => gzipSync(tarEntry('a', 'b'))],
    ['whose last file is cut off', () => archived(tarEntry('a', 'b', { size: 9_000 }))],
    ['with a path twice', () => archived(tarEntry('a', 'b'), tarEntry('./a', 'c'))],
    ['that leads out of its folder', () => tarGz({ '../policy.wasm': '' })],
    ['that leads out of its folder half-way', () => tarGz({ 'a/../../policy.wasm': '' })],
    ['with a link', () => archived(tarEntry('policy.wasm', '', { type: '2' }))],
    ['with a damaged header', () => gzipSync(Buffer.from(gunzipSync(tarGz({ a: 'b' })).toString('latin1').replace('a', 'c'), 'latin1'))],
  ])('%s is refused', (_, archive) => {
    expect(() => filesIn(archive())).toThrow(expect.objectContaining({ code: 'policy.bundle' }));
  });
});
