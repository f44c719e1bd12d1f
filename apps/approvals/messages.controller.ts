import { Body, Controller, Inject, Param, Put, Req } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import type { Request } from 'express';
import { codeOf } from '#decider';
import { type Log, peerName, ProblemException } from '#edge';
import { Messages, type WantedMessage } from './messages.js';
import { type MessagePlace, SlackAway } from './slack-api.js';
import { ViewDto } from './view.dto.js';

/** The injection token of what this door needs to know. */
export const MESSAGES = Symbol('messages');
export interface MessagesSettings {
  readonly origin: string;
  readonly log: Log;
}

class PlaceBody {
  @Matches(/^[A-Za-z0-9]{1,40}$/, { message: 'must be a channel id of Slack' }) channel!: string;
  @Matches(/^\d{1,12}\.\d{1,9}$/, { message: 'must be a message ts of Slack' }) ts!: string;
}

class MessageBody {
  @Matches(/^[a-z][a-z0-9-]{1,30}$/, { message: 'must be a tenant id such as acme' }) tenant!: string;
  @Matches(/^[UW][A-Z0-9]{2,30}$/, { message: 'must be a user id of Slack' }) slackUser!: string;
  @IsIn(['request', 'decided', 'closed']) kind!: 'request' | 'decided' | 'closed';
  @ValidateNested() @Type(() => ViewDto) view!: ViewDto;
  @IsOptional() @IsString() @MaxLength(2_000) link!: string | null;
  @IsOptional() @ValidateNested() @Type(() => PlaceBody) message?: PlaceBody;
}

/** The gatekeeper's door: what should stand in whose Slack. */
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly messages: Messages,
    @Inject(MESSAGES) private readonly settings: MessagesSettings,
  ) {}

  @Put(':key')
  async put(@Req() request: Request, @Param('key') key: string, @Body() body: MessageBody): Promise<MessagePlace> {
    if (peerName(request) !== 'gatekeeper') throw new ProblemException(403, 'forbidden', 'Only the gatekeeper may ask here, with its client certificate.');
    if (!/^[\x21-\x7e]{1,300}$/.test(key)) throw new ProblemException(422, 'invalid_key', 'The key must be 1 to 300 visible ASCII characters.');
    const wanted = this.#wanted(body);
    try {
      const place = await this.messages.put(key, wanted);
      this.settings.log('message_stands', { kind: body.kind, case: body.view.case, request: body.view.request });
      return place;
    } catch (error) {
      if (!(error instanceof SlackAway)) throw error;
      this.settings.log('slack_away', { code: codeOf(error) ?? 'unknown' });
      throw new ProblemException(503, error.code, `${error.message}; put the message again.`, undefined, error.retryAfterSeconds);
    }
  }

  #wanted({ tenant, slackUser, kind, view, link, message }: MessageBody): WantedMessage {
    if (tenant !== view.tenant) throw invalid('tenant', "must be the view's tenant");
    const about = { slackUser, view, ...(message && { place: message }) };
    if (kind !== 'request') return { ...about, kind };
    // a link elsewhere would teach people to follow links elsewhere
    if (link === null || !link.startsWith(`${this.settings.origin}/a/`)) throw invalid('link', `must begin with ${this.settings.origin}/a/`);
    return { ...about, kind, link };
  }
}

function invalid(field: string, message: string): ProblemException {
  return new ProblemException(422, 'invalid_body', 'Some fields are not as they should be.', [{ field, message }]);
}
