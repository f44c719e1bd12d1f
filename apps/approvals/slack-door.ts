import { raw, type Request, type RequestHandler, type Response } from 'express';
import type { RawBodyRequest } from '@nestjs/common';
import { verifySlackSignature } from '#approvals';
import { codeOf } from '#decider';
import { BODY_LIMIT_BYTES, type Log, sendProblem } from '#edge';

/** Where Slack sends what people press. */
export const SLACK_PATH = '/slack/events';

// a copy can pass the clock's check for 300 seconds on either side
const REMEMBERED_MS = 601_000;

/**
 * Stands before Bolt's receiver, which takes copies, timestamps of the future and signatures with junk behind them:
 * lets only signed, fresh and first requests through.
 */
export function slackDoor(settings: { readonly signingSecret: string; readonly clock: () => Date; readonly log: Log }): RequestHandler[] {
  const { signingSecret: secret, clock, log } = settings;
  const seen = new Map<string, number>();
  const refuse = (response: Response, status: number, code: string, detail: string): void => {
    log('slack_refused', { code });
    sendProblem(response, status, code, detail);
  };
  const check: RequestHandler = (request: RawBodyRequest<Request>, response, next) => {
    const now = clock();
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const signed = { timestamp: request.get('x-slack-request-timestamp'), signature: request.get('x-slack-signature'), body: bytes.toString('utf8') };
    let key: string;
    try {
      key = verifySlackSignature({ secret, ...signed, now: now.toISOString() }).replayKey;
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      refuse(response, 401, code, 'This did not come from Slack, or not now.');
      return;
    }
    for (const [old, at] of seen) if (now.getTime() - at > REMEMBERED_MS) seen.delete(old);
    if (seen.has(key)) {
      refuse(response, 409, 'slack_replayed', 'This very request was here before.');
      return;
    }
    seen.set(key, now.getTime());
    // Bolt reads the bytes from here, and so does whoever hands them on
    request.rawBody = bytes;
    next();
  };
  return [raw({ type: () => true, limit: BODY_LIMIT_BYTES, inflate: false }), check];
}
