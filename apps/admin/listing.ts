import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { EndState, ErasureEnd } from '#lifecycle';
import { type CaseFilter, type Stage, STAGES } from '#views';

const OUTCOMES = ['open', 'done', 'denied', 'blocked', 'rejected', 'expired', 'reinstated', 'joined', 'erased', 'refused'] as const satisfies readonly (EndState | ErasureEnd | 'open')[];
const LARGEST_PAGE = 100;

/** What is no plain number, such as nothing at all or 1e3, is none: `Number` would make 0 and 1000 of those. */
const wholeNumber = ({ value }: { readonly value: unknown }): number => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN);

/** Which cases, and which page of them. */
export class CaseListing {
  @ApiPropertyOptional({ enum: STAGES }) @IsOptional() @IsIn(STAGES) stage?: Stage;
  @ApiPropertyOptional({ enum: OUTCOMES }) @IsOptional() @IsIn(OUTCOMES) outcome?: (typeof OUTCOMES)[number];
  @ApiPropertyOptional({ description: 'The `next` of the page before.', type: Number }) @IsOptional() @Transform(wholeNumber) @IsInt() @Min(0) cursor?: number;
  @ApiPropertyOptional({ description: 'Cases a page.', type: Number, minimum: 1, maximum: LARGEST_PAGE, default: 50 }) @IsOptional() @Transform(wholeNumber) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit?: number;

  filter(): CaseFilter {
    const { stage, outcome } = this;
    return { ...(stage && { stage }), ...(outcome && { outcome }) };
  }

  page(): { readonly limit: number; readonly before?: number } {
    return { limit: this.limit ?? 50, ...(this.cursor !== undefined && { before: this.cursor }) };
  }
}

/** True for what can be a case's id. */
export function isCaseId(text: string): boolean {
  return /^c-[0-9a-f-]{36}$/.test(text);
}
