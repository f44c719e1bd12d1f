import { scrypt } from 'node:crypto';

/** A password as the users file keeps it: scrypt (RFC 7914) with N=16384, r=8, p=1, 32 bytes. */
export function hashPassword(password: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, { N: 16_384, r: 8, p: 1 }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
