import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsIn, IsISO8601, IsNotEmpty, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateIf, ValidateNested } from 'class-validator';
import { ProblemException } from '#edge';
import { ReceiveRequest, RequestReinstate, ResumeCase } from './commands.js';
import { Tenants } from './tenants.js';

class TargetBody {
  @IsIn(['address', 'name', 'employee']) kind!: 'address' | 'name' | 'employee';
  @IsString() @IsNotEmpty() @MaxLength(320) value!: string;
}

/** Either `text`, as a person wrote it, or the structured form. */
class RequestBody {
  @ValidateIf((body: RequestBody) => body.action === undefined) @IsString() @IsNotEmpty() @MaxLength(24_000) text?: string;
  @ValidateIf((body: RequestBody) => body.text === undefined) @IsIn(['offboard']) action?: 'offboard';
  @ValidateIf((body: RequestBody) => body.text === undefined) @IsObject({ message: 'target must be {kind, value}' }) @ValidateNested() @Type(() => TargetBody) target?: TargetBody;
  @IsOptional() @IsISO8601({ strict: true }) effective?: string;
  @IsOptional() @IsString() @MaxLength(2_000) reason?: string;
  @IsOptional() @IsString() @MaxLength(200) displayName?: string;
  @IsOptional() @Matches(/^c-[0-9a-f-]{36}$/, { message: 'must be a case id' }) follows?: string;
}

/** The requesters' door: file a request, ask to have it undone. */
@Controller('v1')
export class RequestsController {
  constructor(
    private readonly tenants: Tenants,
    private readonly commands: CommandBus,
  ) {}

  @Post('requests')
  @HttpCode(202)
  async receive(@Headers('authorization') authorization: string | undefined, @Headers('idempotency-key') key: string | undefined, @Body() body: RequestBody): Promise<{ case: string; cases: readonly string[]; status: string }> {
    const caller = this.tenants.caller(authorization);
    if (key !== undefined && !/^[\x21-\x7e]{8,128}$/.test(key))
      throw new ProblemException(422, 'invalid_header', 'Idempotency-Key must be 8 to 128 visible ASCII characters, chosen at random.');
    if (body.text !== undefined && body.action !== undefined)
      throw new ProblemException(422, 'invalid_body', 'Send either text or the structured form, not both.', [{ field: 'text', message: 'must be absent beside action' }]);
    const { text, follows, ...structured } = body;
    const request = text === undefined ? { format: 'json' as const, text: JSON.stringify(structured) } : { format: 'text' as const, text };
    const broken = Object.entries({ text, 'target.value': body.target?.value, reason: body.reason, displayName: body.displayName }).find(([, value]) => value?.isWellFormed() === false);
    if (broken) throw new ProblemException(422, 'invalid_body', 'A text holds half of a surrogate pair: send valid Unicode.', [{ field: broken[0], message: 'must be valid Unicode' }]);
    const { cases } = await this.commands.execute(new ReceiveRequest(caller, { ...request, follows: follows ?? null, channel: 'api' }, key));
    return { case: cases[0] ?? '', cases, status: 'accepted' };
  }

  @Post('cases/:case/reinstate')
  @HttpCode(202)
  async reinstate(@Headers('authorization') authorization: string | undefined, @Param('case') id: string): Promise<{ case: string; status: string }> {
    const { accepted, code } = await this.commands.execute(new RequestReinstate(this.tenants.caller(authorization), id));
    if (!accepted) throw new ProblemException(409, `reinstate_${code ?? 'refused'}`, REFUSED[code ?? ''] ?? 'This case cannot be reinstated now.');
    return { case: id, status: 'accepted' };
  }

  @Post('cases/:case/resume')
  @HttpCode(202)
  async resume(@Headers('authorization') authorization: string | undefined, @Param('case') id: string): Promise<{ case: string; status: string }> {
    await this.commands.execute(new ResumeCase(this.tenants.caller(authorization), id));
    return { case: id, status: 'accepted' };
  }

  /** Where a case stands, for the one who filed it; the admin app tells the whole story. */
  @Get('cases/:case')
  status(@Headers('authorization') authorization: string | undefined, @Param('case') id: string): { case: string; ended: string | null; personNeeded: string | null; entries: number } {
    const found = this.tenants.caller(authorization).tenant.ledger.state.cases.get(id);
    if (!found) throw new ProblemException(404, 'unknown_case', 'There is no such case in this tenant.');
    return { case: id, ended: found.ended?.as ?? null, personNeeded: found.personNeeded, entries: found.entries };
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  hard_ordered: 'The hard phase was ordered: the account is being deleted or already is, and cannot be reinstated.',
  case_ended: 'The case has ended: file a new request.',
  nothing_to_reinstate: 'Nothing was done yet, so there is nothing to undo.',
};
