import { randomBytes } from 'node:crypto';
import { Controller, Get, Header, HttpCode, Inject, Options, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LINK_TOKEN } from '#approvals';
import { type Log, ProblemException } from '#edge';
import { DEAD_LINK, deadLinkPage, noticePage, receiptPage } from './answer-pages.js';
import { cookieSecret, csrfHolds, csrfToken, sameOrigin, setCookie } from './csrf.js';
import { decisionPage } from './decision-page.js';
import { Gatekeeper, type PageVote } from './gatekeeper.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';

/** The injection token of what the pages need to know of their surroundings. */
export const PAGES = Symbol('pages');
export interface PagesSettings {
  readonly origin: string;
  readonly log: Log;
}

/** The one-time links. Looking changes nothing, whoever looks; only the form decides, and the gatekeeper checks its proof. */
@Controller()
export class PagesController {
  constructor(
    private readonly gatekeeper: Gatekeeper,
    @Inject(PAGES) private readonly settings: PagesSettings,
  ) {}

  @Options('a/:token')
  @HttpCode(204)
  @Header('Allow', 'GET, HEAD, POST, OPTIONS')
  options(): void {
    return undefined;
  }

  @Get('a/:token')
  async show(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const page = await this.gatekeeper.page(linkToken(token));
    const known = cookieSecret(request.headers.cookie);
    const secret = known ?? randomBytes(32).toString('base64url');
    if (known === undefined) response.append('Set-Cookie', setCookie(secret));
    const csrf = csrfToken(secret, token);
    response.type('html');
    const { state } = page;
    if (state === 'open') response.send(decisionPage(page, csrf));
    else response.status(DEAD_LINK[state].status).send(deadLinkPage({ ...page, state }, { action: `/a/${token}/renewal`, csrf }));
  }

  @Post('a/:token')
  @HttpCode(200)
  async decide(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const link = linkToken(token);
    const form = fieldsOf(request.body);
    this.#assertOwnForm(request, link, form.csrf);
    const vote = voteOf(form);
    const decided = await this.gatekeeper.decide(link, vote);
    this.settings.log('decision_handed_back', { vote: vote.vote, outcome: decided.outcome, case: decided.receipt.case, seq: decided.receipt.seq });
    response.type('html').send(receiptPage(vote.vote, decided));
  }

  /** A link lives shorter than the request: whoever comes late asks for a new one, which goes where the first one went. */
  @Post('a/:token/renewal')
  @HttpCode(202)
  async renew(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const link = linkToken(token);
    this.#assertOwnForm(request, link, fieldsOf(request.body).csrf);
    await this.gatekeeper.renewLink(link);
    this.settings.log('link_renewal_handed_on');
    response.type('html').send(noticePage('A new link is on its way', 'It comes into your Slack message about this request, in place of the one that stands there. Nothing was decided.'));
  }

  @Get('assets/approve.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return PAGE_SCRIPT;
  }

  @Get('assets/page.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return PAGE_STYLE;
  }

  #assertOwnForm(request: Request, link: string, token: unknown): void {
    const own = sameOrigin(request.headers, this.settings.origin) && csrfHolds(cookieSecret(request.headers.cookie), link, token);
    if (own) return;
    this.settings.log('form_refused', { code: 'form_foreign' });
    throw new ProblemException(403, 'form_foreign', 'The form did not come from the page that this browser was shown, so nothing was decided. Open the link again and use its buttons.');
  }
}

function linkToken(token: string): string {
  if (!LINK_TOKEN.test(token)) throw new ProblemException(404, 'unknown_link', 'There is nothing behind this link.');
  return token;
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function voteOf({ vote, reason, assertion }: Readonly<Record<string, unknown>>): PageVote {
  if (vote === 'reject') {
    if (reason !== undefined && typeof reason !== 'string') throw new ProblemException(422, 'form_reason', 'The reason must be given once.');
    const text = reason?.trim() ?? '';
    if (text.length > 2_000 || !text.isWellFormed()) throw new ProblemException(422, 'form_reason', 'The reason may have 2,000 characters at most.');
    return text === '' ? { vote } : { vote, reason: text };
  }
  if (vote !== 'approve') throw new ProblemException(422, 'form_vote', 'The vote must be approve or reject.');
  try {
    if (typeof assertion === 'string' && assertion !== '') return { vote, assertion: JSON.parse(assertion) as unknown };
  } catch {
    // answered below, as every assertion that cannot be read
  }
  throw new ProblemException(422, 'form_assertion', 'An approval needs your passkey: open the link again on the device that holds it.');
}
