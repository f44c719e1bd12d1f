import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ProblemException } from '#edge';
import type { ErasureRefusal } from '#lifecycle';
import { RequestErasure } from './erasure-commands.js';
import { Tenants } from './tenants.js';

class ErasureBody {
  @Matches(/^p-[A-Za-z0-9._-]{1,64}$/, { message: 'must be the opaque id of a person, such as p-10042' }) person!: string;
  @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
  @IsOptional() @IsArray() @ArrayMaxSize(100) @Matches(/^c-[0-9a-f-]{36}$/, { each: true, message: 'each must be a case id' }) cases?: string[];
}

/** Where an erasure stands. */
export interface ErasureStatus {
  readonly erasure: string;
  readonly person: string;
  readonly ended: string | null;
  /** Why it was refused. */
  readonly code: string | null;
  /** The cases whose keys are gone, or those that were in the way. */
  readonly cases: readonly string[];
  readonly parked: string | null;
}

/** The requesters' door to have a person erased. */
@Controller('v1/erasures')
export class ErasuresController {
  constructor(
    private readonly tenants: Tenants,
    private readonly commands: CommandBus,
  ) {}

  @Post()
  @HttpCode(202)
  async request(@Headers('authorization') authorization: string | undefined, @Body() { person, reason, cases }: ErasureBody): Promise<{ erasure: string; status: string }> {
    const caller = this.tenants.caller(authorization);
    if (!reason.isWellFormed()) throw new ProblemException(422, 'invalid_body', 'A text holds half of a surrogate pair: send valid Unicode.', [{ field: 'reason', message: 'must be valid Unicode' }]);
    const { erasure, refused } = await this.commands.execute(new RequestErasure(caller, person, [...new Set(cases)], reason));
    if (refused) throw new ProblemException(409, `erasure_${refused.code}`, `${REFUSED[refused.code] ?? 'It is refused.'}${refused.cases.length > 0 ? ` (${refused.cases.join(', ')})` : ''}`);
    return { erasure, status: 'accepted' };
  }

  @Get(':erasure')
  status(@Headers('authorization') authorization: string | undefined, @Param('erasure') id: string): ErasureStatus {
    const found = this.tenants.caller(authorization).tenant.ledger.state.erasures.get(id);
    if (!found) throw new ProblemException(404, 'unknown_erasure', 'There is no such erasure in this tenant.');
    const { person, ended, parked } = found;
    return { erasure: id, person, ended: ended?.as ?? null, code: ended?.code ?? null, cases: ended?.cases ?? [], parked };
  }
}

const REFUSED: Readonly<Partial<Record<ErasureRefusal, string>>> = {
  open_case: 'A case about this person is still open: ask again when it has ended.',
  under_way: 'Another request to erase this person is not decided yet.',
  nothing_to_erase: 'Nothing is kept any more about this person that could be erased.',
};
