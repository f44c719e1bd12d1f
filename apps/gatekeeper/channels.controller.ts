import { createHmac } from 'node:crypto';
import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { codeOf } from '#decider';
import { jsonIn, type Log, ProblemException } from '#edge';
import { terminationsIn } from './bamboohr-webhook.js';
import { isSigned } from './channel-signature.js';
import { ReceiveRequest } from './commands.js';
import { IntakeLimits } from './intake-limits.js';
import type { HrisChannel, TenantRuntime, TicketChannel } from './tenant.js';
import { Tenants } from './tenants.js';
import { terminationRequest } from './termination.js';
import { ticketIn } from './ticket-bodies.js';

export const CLOCK = Symbol('clock');
export const LOG = Symbol('log');

/** What a channel's delivery is answered: the cases in their order, or that it asked for nothing. */
interface Taken {
  readonly cases: readonly string[];
  readonly status: 'accepted' | 'ignored';
}

/** The door of other systems: a signed ticket becomes a request of the person who reported it, a signed termination one of whom the HRIS files for. */
@Controller('channels/v1')
export class ChannelsController {
  constructor(
    private readonly tenants: Tenants,
    private readonly commands: CommandBus,
    private readonly limits: IntakeLimits,
    @Inject(CLOCK) private readonly clock: () => Date,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Post(':tenant/:channel')
  @HttpCode(202)
  async receive(@Req() request: Request, @Param('tenant') id: string, @Param('channel') name: string): Promise<Taken> {
    const tenant = this.tenants.serving(id);
    const channel = tenant?.channels.get(name);
    const raw: unknown = request.body;
    const now = this.clock();
    // who cannot sign learns neither which tenants nor which channels there are
    if (!tenant || !channel || !Buffer.isBuffer(raw) || !isSigned(channel.kind, (header) => request.get(header), raw, channel.secret, now))
      throw new ProblemException(401, 'unauthorized', 'Sign the body with the secret of this channel, and send it within the minutes that its kind allows.');
    // only what its own system signed is counted for a channel: nobody else can use up what it may send; BambooHR repeats nothing that is answered 4xx
    this.limits.admit('channels', id, name, channel.kind === 'bamboohr' ? 503 : 429);
    const body = jsonIn(raw);
    const cases = channel.kind === 'bamboohr' ? await this.#terminations(tenant, channel, body) : await this.#ticket(tenant, name, channel, body);
    if (cases.length > 0) return { cases, status: 'accepted' };
    this.log('nothing_asked', { tenant: id, channel: name });
    return { cases, status: 'ignored' };
  }

  async #ticket(tenant: TenantRuntime, name: string, { kind, secret }: TicketChannel, body: unknown): Promise<readonly string[]> {
    const ticket = await ticketIn(kind, body, this.clock());
    if (ticket === undefined) return [];
    const requester = await personOf(tenant, ticket.reporter);
    // a ticket that is delivered again is the same request; keyed, because ticket numbers can be guessed
    const key = createHmac('sha256', secret).update(`ticket:${ticket.id}`).digest('hex');
    const { cases } = await this.commands.execute(new ReceiveRequest({ tenant, requester }, { format: 'text', text: ticket.text, follows: null, channel: name }, key));
    return cases;
  }

  /** One after the other, so that each is in the ledger for good: where one cannot be taken, the whole delivery is repeated. */
  async #terminations(tenant: TenantRuntime, { hris }: HrisChannel, body: unknown): Promise<readonly string[]> {
    const { terminations, faults } = await terminationsIn(body);
    const cases: string[] = [];
    for (const termination of terminations) cases.push(...(await this.commands.execute(terminationRequest(tenant, hris, termination))).cases);
    if (faults.length === 0) return cases;
    // it is repeated for nobody, so an operator must hear of it
    this.log('termination_unreadable', { tenant: tenant.settings.id, channel: hris.id, fields: faults.map(({ field }) => field).join(' ') });
    throw new ProblemException(422, 'invalid_body', `Filed: ${String(cases.length)}. Let the webhook post employeeNumber, status and terminationDate under these names.`, faults);
  }
}

/** The one person with this address in the HRIS: the ticket system knows whom it let in, and not who that is here. */
async function personOf({ hris }: TenantRuntime, reporter: string): Promise<string> {
  const found = await hris.find({ email: reporter }).catch((error: unknown) => {
    if (codeOf(error) === undefined) throw error;
    throw new ProblemException(503, 'hris_unreachable', 'The HRIS does not say who reported this; nothing was accepted. Send the ticket again.', undefined, 1);
  });
  const [only, ...others] = found;
  if (only === undefined || others.length > 0)
    throw new ProblemException(422, 'unknown_reporter', 'The HRIS knows no single person with the address of the reporter, so nobody asks for this.', [{ field: 'reporter', message: 'must be the address of one person in the HRIS' }]);
  return `p-${only.employeeNumber}`;
}
