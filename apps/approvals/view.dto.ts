import { Type } from 'class-transformer';
import {
  Allow, ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsNumber, IsObject, IsOptional, IsString, Matches, MaxLength, Min, ValidateNested,
} from 'class-validator';
import type { ApprovalView, AssertionOptions, Band, LinkPage, VoteReceipt } from '#approvals';

const DIGEST = /^[0-9a-f]{64}$/;
const BASE64URL = /^[A-Za-z0-9_-]{1,1400}$/;
const PHASES = ['soft', 'hard', 'reinstate', 'erase'] as const;

class RequesterDto {
  @IsString() id!: string;
  @IsOptional() @IsString() name!: string | null;
}

class SubjectDto {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsString() address!: string;
}

class ComponentDto {
  @IsString() name!: string;
  @IsNumber() value!: number;
  @IsNumber() weight!: number;
  @IsString() because!: string;
}

class RiskDto {
  @IsNumber() score!: number;
  @IsIn(['low', 'elevated', 'high', 'critical']) band!: Band;
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => ComponentDto) components!: ComponentDto[];
}

class ReasonDto {
  @IsString() rule!: string;
  @IsString() text!: string;
}

class EffectDto {
  @IsString() effect!: string;
  @IsString() says!: string;
  @IsBoolean() reversible!: boolean;
}

class StepDto {
  @IsIn(PHASES) phase!: (typeof PHASES)[number];
  @IsString() portal!: string;
  @IsString() portalSays!: string;
  @IsString() account!: string;
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => EffectDto) effects!: EffectDto[];
}

class FlaggedDto {
  @IsArray() @IsString({ each: true }) markers!: string[];
  @IsString() text!: string;
}

class VoteDto {
  @IsString() person!: string;
  @IsIn(['approve', 'reject']) vote!: 'approve' | 'reject';
}

/** What the gatekeeper shows an approver, as it comes over the wire. */
export class ViewDto implements ApprovalView {
  @Matches(/^[a-z][a-z0-9-]{1,30}$/) tenant!: string;
  @Matches(/^c-[0-9a-f-]{36}$/) case!: string;
  @IsInt() @Min(1) request!: number;
  @IsString() @MaxLength(500) title!: string;
  @IsISO8601() requestedAt!: string;
  @ValidateNested() @Type(() => RequesterDto) requester!: RequesterDto;
  @IsOptional() @ValidateNested() @Type(() => SubjectDto) subject!: SubjectDto | null;
  @IsString() effective!: string;
  @IsOptional() @ValidateNested() @Type(() => RiskDto) risk?: RiskDto;
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => ReasonDto) reasons!: ReasonDto[];
  @IsOptional() @IsString() hris?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) @MaxLength(500, { each: true }) preconditions?: string[];
  @IsOptional() @IsString() @MaxLength(2_000) reason?: string;
  @IsArray() @ArrayMaxSize(300) @ValidateNested({ each: true }) @Type(() => StepDto) plan!: StepDto[];
  @IsOptional() @ValidateNested() @Type(() => FlaggedDto) flagged?: FlaggedDto;
  @IsInt() needed!: number;
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => VoteDto) votes!: VoteDto[];
  @IsIn(['open', 'granted', 'rejected', 'expired', 'superseded']) outcome!: ApprovalView['outcome'];
  @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) @MaxLength(100, { each: true }) because!: string[];
  @IsOptional() @Matches(/^(votes_\d{1,4}|[a-z_]{1,30})$/) news!: string | null;
  @IsISO8601() deadline!: string;
  @IsString() canonical!: string;
  @Matches(DIGEST) digest!: string;
  @Matches(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) shortCode!: string;
}

class CredentialDto {
  @IsIn(['public-key']) type!: 'public-key';
  @Matches(BASE64URL) id!: string;
  @IsOptional() @IsArray() @IsString({ each: true }) transports?: string[];
}

class OptionsDto implements AssertionOptions {
  @Matches(BASE64URL) challenge!: string;
  @Matches(BASE64URL) nonce!: string;
  @IsString() rpId!: string;
  @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => CredentialDto) allowCredentials!: CredentialDto[];
  @IsIn(['required']) userVerification!: 'required';
  @IsInt() @Min(1) timeout!: number;
}

/** What stands behind a link. */
export class LinkPageDto implements LinkPage {
  @IsIn(['open', 'used', 'expired', 'closed']) state!: LinkPage['state'];
  @IsObject() @ValidateNested() @Type(() => ViewDto) view!: ViewDto;
  @IsObject() @ValidateNested() @Type(() => OptionsDto) options!: OptionsDto;
}

class ReceiptDto implements VoteReceipt {
  @IsString() case!: string;
  @IsInt() @Min(0) seq!: number;
  @Matches(DIGEST) hash!: string;
}

/** What became of a decision. */
export class DecidedDto {
  @IsString() outcome!: string;
  @IsObject() @ValidateNested() @Type(() => ReceiptDto) receipt!: ReceiptDto;
}

/** A refusal of the gatekeeper (RFC 9457). */
export class RefusalDto {
  @Matches(/^[a-z_]{1,60}$/) code!: string;
  @IsString() @MaxLength(500) detail!: string;
  @Allow() title?: unknown;
}
