import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SlackApi } from './slack-api.js';
import { SLACK_PATH } from './slack-door.js';

const PAGE = readFileSync('docs/slack.md', 'utf8');
const manifest = JSON.parse(readFileSync('docs/slack-manifest.json', 'utf8')) as {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: object;
  readonly oauth_config: object;
  readonly settings: object;
};

/** What Slack's method reference says a bot's token needs for each. */
const SCOPE_OF: Readonly<Record<string, string | null>> = { 'conversations.open': 'im:write', 'chat.postMessage': 'chat:write', 'chat.update': 'chat:write', 'auth.test': null };

/** A Slack that notes which methods are called. */
function noting(called: Set<string>): ConstructorParameters<typeof SlackApi>[0] {
  const answers = { channel: 'D1', ts: '1.1', team_id: 'T1' };
  const family = (name: string) => new Proxy({}, { get: (_target, method) => () => (called.add(`${name}.${String(method)}`), Promise.resolve(method === 'open' ? { channel: { id: 'D1' } } : answers)) });
  return new Proxy({}, { get: (_target, name) => family(String(name)) }) as ConstructorParameters<typeof SlackApi>[0];
}

describe('docs/slack-manifest.json', () => {
  it('asks for what the app calls, and for nothing more', async () => {
    const called = new Set<string>();
    const api = new SlackApi(noting(called), 'xoxb');
    await api.post('U1', { text: '', blocks: [] }, 'k');
    await api.update({ channel: 'D1', ts: '1.1' }, { text: '', blocks: [] }, 'k');
    await api.missing('T1');
    const scopes = [...called].map((method) => SCOPE_OF[method]);
    expect(scopes).not.toContain(undefined);
    expect(manifest.oauth_config).toEqual({ scopes: { bot: [...new Set(scopes.filter((scope) => scope !== null))].sort() } });
    expect(Object.keys(manifest.features)).toEqual(['bot_user']);
    const methods = Object.getOwnPropertyNames(SlackApi.prototype).filter((name) => !['constructor', 'post', 'update', 'missing'].includes(name));
    expect(methods).toEqual([]);
  });

  it('sends what people press to where it is taken, and keeps to Slack’s lengths', () => {
    expect(manifest.settings).toEqual({ interactivity: { is_enabled: true, request_url: `https://approvals.example.com${SLACK_PATH}` }, org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false });
    expect([manifest.display_information.name.length <= 35, manifest.display_information.description.length <= 140]).toEqual([true, true]);
  });
});

describe('docs/slack.md', () => {
  const rows = new Map([...PAGE.matchAll(/^ *\| `(GATEHOUSE_\w+)` \| ([a-z ]+) \|/gm)].map(([, name = '', of = '']) => [name, of.split(' and ')]));

  it.each(['approvals', 'gatekeeper'])('says where each setting about Slack belongs: %s', (app) => {
    const read = readFileSync(`apps/${app}/settings.ts`, 'utf8');
    const names = [...new Set(read.match(/GATEHOUSE_(?:SLACK_\w+|APPROVALS_PUBLIC_URL)/g))].sort();
    expect([...rows].filter(([, apps]) => apps.includes(app)).map(([name]) => name).sort()).toEqual(names);
  });

  it('names the path that Slack calls', () => {
    expect(PAGE).toContain(`\`${SLACK_PATH}\``);
  });
});
