import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '#edge';
import { Settings } from './settings.js';

const good: Readonly<Record<string, string>> = {
  GATEHOUSE_APPROVALS_LISTEN: '127.0.0.1:7443', GATEHOUSE_APPROVALS_INTERNAL_LISTEN: '127.0.0.1:0', GATEHOUSE_APPROVALS_PUBLIC_URL: 'https://localhost:7443', GATEHOUSE_GATEKEEPER_URL: 'https://127.0.0.1:7301',
  GATEHOUSE_TLS_CA: 'ca.pem', GATEHOUSE_TLS_CERT: 'a.pem', GATEHOUSE_TLS_KEY: 'a.key', GATEHOUSE_SLACK_API_URL: 'http://127.0.0.1:7403/api/', GATEHOUSE_SLACK_TOKEN_FILE: 't', GATEHOUSE_SLACK_SIGNING_SECRET_FILE: 's',
  GATEHOUSE_SLACK_TEAM: 'T0ACME',
};

describe('the settings', () => {
  it('are taken when they are right', () => {
    expect(readConfig(Settings, good)).toMatchObject(good);
  });

  it.each(Object.keys(good))('name %s when it is missing', (name) => {
    expect(() => readConfig(Settings, { ...good, [name]: undefined })).toThrow(new RegExp(`^${name}: `));
  });

  it.each([
    ['GATEHOUSE_APPROVALS_LISTEN', 'localhost'], ['GATEHOUSE_APPROVALS_PUBLIC_URL', 'http://localhost:7443'], ['GATEHOUSE_APPROVALS_PUBLIC_URL', 'https://localhost:7443/'], ['GATEHOUSE_GATEKEEPER_URL', 'http://127.0.0.1:1'],
    ['GATEHOUSE_SLACK_API_URL', 'slack'], ['GATEHOUSE_SLACK_API_URL', 'https://user:secret@slack.com/api/'], ['GATEHOUSE_GATEKEEPER_URL', 'https://user@127.0.0.1:7301'],  ['GATEHOUSE_SLACK_TEAM', 'acme'],
  ])('refuse %s = %s', (name, value) => {
    expect(() => readConfig(Settings, { ...good, [name]: value })).toThrow(new RegExp(`^${name}: `));
  });
});
