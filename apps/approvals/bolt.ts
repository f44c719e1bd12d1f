import { App, ExpressReceiver, type Logger, LogLevel, type webApi } from '@slack/bolt';
import type { Request } from 'express';
import type { RawBodyRequest } from '@nestjs/common';
import { REJECT_ACTION } from '#approvals';
import type { Log } from '#edge';
import type { RawSlackRequest } from './gatekeeper.js';
import { LINK_ACTION } from './message-blocks.js';
import type { Call } from './http-call.js';
import { SLACK_PATH } from './slack-door.js';

/** What Bolt is set up with. */
export interface BoltSettings {
  readonly token: string;
  readonly signingSecret: string;
  readonly team: string;
  readonly apiUrl: string;
  /** Calls below `apiUrl`. */
  readonly call: Call;
  readonly log: Log;
}

// every handler answers at once, so whatever has had no answer by then has no handler
const UNKNOWN_REQUEST_MS = 1_000;

/**
 * Bolt on its own receiver, whose router the caller mounts; nothing is asked of Slack to start it.
 * @param rejected - gets the request as Slack signed it, after Slack has had its answer.
 */
export async function openBolt(settings: BoltSettings, rejected: (request: RawSlackRequest) => void): Promise<{ readonly router: ExpressReceiver['router']; readonly client: App['client'] }> {
  const { token, signingSecret, team, apiUrl, call, log } = settings;
  const logger = silent(log);
  const receiver = new ExpressReceiver({ signingSecret, endpoints: SLACK_PATH, logger, customPropertiesExtractor: signedRequest, unhandledRequestTimeoutMillis: UNKNOWN_REQUEST_MS });
  const bolt = new App({
    receiver,
    logger,
    deferInitialization: true,
    authorize: ({ teamId }) => (teamId === team ? Promise.resolve({ botToken: token }) : Promise.reject(new Error('another workspace'))),
    // one try only: the gatekeeper's saga is what tries again
    clientOptions: { slackApiUrl: apiUrl, fetch: fetchBy(call, apiUrl), retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, allowAbsoluteUrls: false },
  });
  bolt.action(REJECT_ACTION, async ({ ack, context }) => {
    await ack();
    rejected({ timestamp: String(context.timestamp), signature: String(context.signature), body: String(context.body) });
  });
  // Slack reports that the link was opened, and shows a warning unless it is answered
  bolt.action(LINK_ACTION, ({ ack }) => ack());
  bolt.error((error) => {
    log('slack_refused', { code: error.code });
    return Promise.resolve();
  });
  await bolt.init();
  return { router: receiver.router, client: bolt.client };
}

function signedRequest(request: RawBodyRequest<Request>): Readonly<Record<string, string>> {
  return {
    timestamp: request.get('x-slack-request-timestamp') ?? '',
    signature: request.get('x-slack-signature') ?? '',
    body: request.rawBody?.toString('utf8') ?? '',
  };
}

/** Bolt's client on our own connections: our authority is trusted, and no other address can be reached. */
function fetchBy(call: Call, apiUrl: string): NonNullable<webApi.WebClientOptions['fetch']> {
  const base = apiUrl.replace(/\/$/, '');
  return async (url, init) => {
    const path = String(url).startsWith(`${base}/`) ? String(url).slice(base.length) : undefined;
    if (path === undefined || (init?.body !== undefined && typeof init.body !== 'string')) throw new TypeError('not a request below the configured Slack API');
    const answer = await call(path, { method: 'POST', headers: init?.headers ?? {}, ...(init?.body !== undefined && { body: init.body }) });
    const retryAfter = answer.headers['retry-after'];
    return new Response(answer.body, { status: answer.status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });
  };
}

// what Bolt logs may hold names, texts or tokens; only that something went wrong is kept
function silent(log: Log): Logger {
  const nothing = (): void => undefined;
  return { debug: nothing, info: nothing, warn: nothing, error: () => log('slack_fault'), setLevel: nothing, getLevel: () => LogLevel.ERROR, setName: nothing };
}
