import { setTimeout } from 'node:timers/promises';
import { type Ending, listen, type Log, readSecret, tlsOptions, withPublicAuthorities } from '#edge';
import { internalApp, publicApp } from './apps.js';
import { openBolt } from './bolt.js';
import { Gatekeeper } from './gatekeeper.js';
import { callerOf } from './http-call.js';
import { Messages } from './messages.js';
import { RejectRelay } from './reject-relay.js';
import type { Settings } from './settings.js';
import { SlackApi } from './slack-api.js';
import { slackDoor } from './slack-door.js';

// the gatekeeper waits ten seconds for a message, which takes two calls of Slack
const SLACK_TIMEOUT_MS = 4_000;
const GATEKEEPER_TIMEOUT_MS = 10_000;

/** Brings the app up; answers the two bound addresses. Neither Slack nor the gatekeeper must be there for it. */
export async function startApprovals(settings: Settings, clock: () => Date, log: Log, ending: (end: Ending) => void): Promise<{ readonly address: string; readonly internal: string }> {
  const files = { ca: settings.GATEHOUSE_TLS_CA, cert: settings.GATEHOUSE_TLS_CERT, key: settings.GATEHOUSE_TLS_KEY };
  const { ca, cert, key } = tlsOptions(files, 'ignored');
  const ground = { files, origin: settings.GATEHOUSE_APPROVALS_PUBLIC_URL, log };
  const team = settings.GATEHOUSE_SLACK_TEAM;
  const token = readSecret('GATEHOUSE_SLACK_TOKEN_FILE', settings.GATEHOUSE_SLACK_TOKEN_FILE);
  const signingSecret = readSecret('GATEHOUSE_SLACK_SIGNING_SECRET_FILE', settings.GATEHOUSE_SLACK_SIGNING_SECRET_FILE);

  const gatekeeper = new Gatekeeper(callerOf(settings.GATEHOUSE_GATEKEEPER_URL, { tls: { ca, cert, key }, timeoutMs: GATEKEEPER_TIMEOUT_MS }));
  const relay = new RejectRelay(gatekeeper, { clock, log, pause: (ms, signal) => setTimeout(ms, undefined, { signal }) });
  const apiUrl = settings.GATEHOUSE_SLACK_API_URL;
  // Slack's own certificate is a public one, a stand-in's is of our authority
  const slackCall = callerOf(apiUrl, { tls: { ca: withPublicAuthorities(ca) }, timeoutMs: SLACK_TIMEOUT_MS });
  const bolt = await openBolt({ token, signingSecret, team, apiUrl, call: slackCall, log }, (request) => relay.take(request));
  const slack = new SlackApi(bolt.client, token);

  const internal = await internalApp(ground, new Messages(slack), { gatekeeper: () => gatekeeper.missing(), slack: () => slack.missing(team) });
  ending(() => internal.close());
  const pages = await publicApp(ground, gatekeeper, { door: slackDoor({ signingSecret, clock, log }), router: bolt.router });
  ending(async () => {
    await pages.close();
    await relay.end();
  });
  return {
    internal: await listen(internal, settings.GATEHOUSE_APPROVALS_INTERNAL_LISTEN, 'GATEHOUSE_APPROVALS_INTERNAL_LISTEN'),
    address: await listen(pages, settings.GATEHOUSE_APPROVALS_LISTEN, 'GATEHOUSE_APPROVALS_LISTEN'),
  };
}
