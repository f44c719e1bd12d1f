import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readConfig, SystemUrl } from './index.js';

class Settings {
  @SystemUrl('http', 'https') GATEHOUSE_X_URL!: string;
}
const read = (url: string) => (): Settings => readConfig(Settings, { GATEHOUSE_X_URL: url });

it.each(['http://127.0.0.1:1', 'http://localhost:8200/v1', 'http://[::1]:8080', 'https://vault.internal:8200/v1', 'https://vault'])('%s is the URL of a system', (url) => {
  expect(read(url)().GATEHOUSE_X_URL).toBe(url);
});

it.each(['https://user:secret@vault:1', 'https://user@vault', 'ftp://vault', 'vault', '', 'http://xn--a', 'https://999.0x1'])('"%s" is refused, and not repeated', (url) => {
  expect(read(url)).toThrow('GATEHOUSE_X_URL: must be an https URL or an http URL of this machine without user or password');
  expect(read(url)).not.toThrow(/secret/);
});

it.each(['http://vault', 'http://vault.internal:8200/v1', 'HTTP://10.0.0.1:1', 'http://127.0.0.1.example.com', 'http://localhost.example.com', 'http://128.0.0.1', 'http://[::2]', 'http://127.1@vault'])('what travels to %s could be read on its way', (url) => {
  expect(read(url)).toThrow('GATEHOUSE_X_URL: must be an https URL or an http URL of this machine');
});

it('every setting of an app that is a URL is read by that rule', () => {
  const sources = readdirSync('apps', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'));
  expect(sources.filter((path) => readFileSync(join('apps', path), 'utf8').includes('@IsUrl('))).toEqual([]);
});
