import { createHmac } from 'node:crypto';
import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { codeOf } from '#decider';
import { jsonIn, ProblemException } from '#edge';
import { isSigned } from './channel-signature.js';
import { ReceiveRequest } from './commands.js';
import { IntakeLimits } from './intake-limits.js';
import type { TenantRuntime } from './tenant.js';
import { Tenants } from './tenants.js';
import { ticketIn } from './ticket-bodies.js';

export const CLOCK = Symbol('clock');

/** The ticket systems' door: a signed ticket becomes a request of the person who reported it. */
@Controller('channels/v1')
export class ChannelsController {
  constructor(
    private readonly tenants: Tenants,
    private readonly commands: CommandBus,
    private readonly limits: IntakeLimits,
    @Inject(CLOCK) private readonly clock: () => Date,
  ) {}

  @Post(':tenant/:channel')
  @HttpCode(202)
  async receive(@Req() request: Request, @Param('tenant') id: string, @Param('channel') name: string): Promise<{ cases: readonly string[]; status: string }> {
    const tenant = this.tenants.serving(id);
    const channel = tenant?.channels.get(name);
    const raw: unknown = request.body;
    const now = this.clock();
    // who cannot sign learns neither which tenants nor which channels there are
    if (!tenant || !channel || !Buffer.isBuffer(raw) || !isSigned(channel.kind, (header) => request.get(header), raw, channel.secret, now))
      throw new ProblemException(401, 'unauthorized', 'Sign the body with the secret of this channel, and not longer ago than five minutes.');
    // only what the ticket system signed is counted as its own: nobody else can use up what it may send
    this.limits.admit('channels', id, name);
    const ticket = await ticketIn(channel.kind, jsonIn(raw), now);
    if (ticket === undefined) return { cases: [], status: 'ignored' };
    const requester = await personOf(tenant, ticket.reporter);
    // a ticket that is delivered again is the same request; keyed, because ticket numbers can be guessed
    const key = createHmac('sha256', channel.secret).update(`ticket:${ticket.id}`).digest('hex');
    const { cases } = await this.commands.execute(new ReceiveRequest({ tenant, requester }, { format: 'text', text: ticket.text, follows: null, channel: name }, key));
    return { cases, status: 'accepted' };
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
