import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { isCoded } from '#decider';
import { type Log, ProblemException, ProblemFilter } from '#edge';
import { DEAD_LINK, noticePage } from './answer-pages.js';

interface Notice {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

const UNKNOWN: Notice = { status: 404, title: 'There is nothing here', text: 'This address opens nothing. Open the link from your Slack message again, whole and unchanged.' };
const WRONG_METHOD: Notice = { status: 405, title: 'Nothing was done', text: 'This address is not opened like this. Open the link from your Slack message again and use the buttons of the page.' };
const AWAY: Notice = { status: 503, title: 'Not now', text: 'The service behind this page did not answer. Open the link again in a minute: it shows whether a decision of yours was taken.' };
const FAULT: Notice = { status: 502, title: 'This page cannot be shown', text: 'What came back does not fit together, so it is not shown. It was logged.' };
const TOO_LARGE: Notice = { status: 413, title: 'Too much text', text: 'A form may hold 32 KiB at most.' };
const UNREADABLE: Notice = { status: 400, title: 'The form could not be read', text: 'Open the link again and use the buttons of the page.' };

/** Errors for people: below `/a/` a page that says what happened, elsewhere problem details. */
@Catch()
export class PageFilter implements ExceptionFilter {
  readonly #problems: ProblemFilter;

  constructor(private readonly log: Log) {
    this.#problems = new ProblemFilter(log);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (!http.getRequest<Request>().path.startsWith('/a/') || response.headersSent) return this.#problems.catch(error, host);
    const { status, title, text } = this.#noticeOf(error);
    if (status === 503) response.setHeader('Retry-After', '5');
    response.status(status).type('html').send(noticePage(title, text));
  }

  #noticeOf(error: unknown): Notice {
    if (error instanceof ProblemException) return this.#refusal(error);
    if (isCoded(error)) {
      this.log('page_failed', { code: error.code });
      return error.code === 'gatekeeper_unreachable' ? AWAY : FAULT;
    }
    const status = statusOf(error);
    if (status === 404) return UNKNOWN;
    if (status === 413) return TOO_LARGE;
    if (status !== undefined && status >= 400 && status < 500) return UNREADABLE;
    this.log('fault', { code: error instanceof Error ? error.name : 'unknown' });
    return { ...FAULT, status: 500 };
  }

  #refusal(error: ProblemException): Notice {
    const status = error.getStatus();
    if (status === 404) return UNKNOWN;
    if (status === 405) return WRONG_METHOD;
    const [, state] = /^link_(used|closed|expired)$/.exec(error.code) ?? [];
    if (state === 'used' || state === 'closed' || state === 'expired') return DEAD_LINK[state];
    if (status === 409 || status === 410 || status === 422 || error.code.startsWith('form_')) return { status, title: 'This was not accepted', text: error.detail };
    // what is not about the person's own act is between the two services
    this.log('page_failed', { code: error.code });
    return FAULT;
  }
}

// body-parser marks a client's mistake by a status on the error
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}
