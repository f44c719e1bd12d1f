import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { IsIn, IsNotEmpty, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type { Request } from 'express';
import type { LinkPage, VoteReceipt } from '#approvals';
import { peerName, ProblemException } from '#edge';
import { Decisions } from './decisions.js';

class DecisionBody {
  @IsIn(['approve', 'reject']) vote!: 'approve' | 'reject';
  @IsOptional() @IsString() @MaxLength(2_000) reason?: string;
  @IsOptional() @IsObject() assertion?: Record<string, unknown>;
}

class SlackHeaders {
  @IsString() @IsNotEmpty() timestamp!: string;
  @IsString() @IsNotEmpty() signature!: string;
}

class SlackActionBody {
  @ValidateNested() @Type(() => SlackHeaders) headers!: SlackHeaders;
  @IsString() @MaxLength(24_000) body!: string;
}

/** The approvals app's door: it fetches pages and hands back proofs, and is believed in nothing. */
@Controller('internal/v1')
export class DecisionsController {
  constructor(private readonly decisions: Decisions) {}

  @Get('links/:token')
  page(@Req() request: Request, @Param('token') token: string): Promise<LinkPage> {
    onlyApprovals(request);
    return this.decisions.page(token);
  }

  @Post('links/:token/decision')
  @HttpCode(200)
  decide(@Req() request: Request, @Param('token') token: string, @Body() body: DecisionBody): Promise<{ outcome: string; receipt: VoteReceipt }> {
    onlyApprovals(request);
    return this.decisions.byLink(token, body.vote, body.reason ?? null, body.assertion);
  }

  @Post('links/:token/renewal')
  @HttpCode(202)
  renew(@Req() request: Request, @Param('token') token: string): Promise<void> {
    onlyApprovals(request);
    return this.decisions.renewLink(token);
  }

  @Post('slack-actions')
  @HttpCode(200)
  slack(@Req() request: Request, @Body() action: SlackActionBody): Promise<{ outcome: string }> {
    onlyApprovals(request);
    return this.decisions.bySlack(action.headers, action.body);
  }
}

/** Lets the approvals app pass, by its client certificate. @throws ProblemException 403 for everybody else. */
export function onlyApprovals(request: Request): void {
  if (peerName(request) !== 'approvals') throw new ProblemException(403, 'forbidden', 'Only the approvals app may ask here, with its client certificate.');
}
