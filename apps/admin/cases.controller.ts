import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBasicAuth, ApiBearerAuth, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { CurrentReader, ProblemException, type Reader } from '#edge';
import { CasePage, CaseStory, Policy } from './answers.js';
import { decisionsOf, stagesOf } from './case-story.js';
import { CaseListing, isCaseId } from './listing.js';
import { ListCases, ShowCase, ShowPolicy } from './queries.js';

/** Cases and policy for programs. */
@ApiBearerAuth()
@ApiBasicAuth()
@Controller('v1')
export class CasesController {
  constructor(private readonly queries: QueryBus) {}

  @Get('cases')
  @ApiOperation({ summary: "The tenant's cases, newest first", operationId: 'listCases' })
  @ApiOkResponse({ type: CasePage })
  list(@CurrentReader() { tenant }: Reader, @Query() listing: CaseListing): Promise<CasePage> {
    return this.queries.execute(new ListCases(tenant, listing.filter(), listing.page()));
  }

  @Get('cases/:id')
  @ApiOperation({ summary: 'One case, stage by stage: every fact, and who decided', operationId: 'showCase' })
  @ApiOkResponse({ type: CaseStory })
  async one(@CurrentReader() { tenant }: Reader, @Param('id') id: string): Promise<CaseStory> {
    const found = isCaseId(id) ? await this.queries.execute(new ShowCase(tenant, id)) : undefined;
    if (!found) throw new ProblemException(404, 'unknown_case', 'There is no such case in this tenant.');
    return { ...found.row, decided: decisionsOf(found), stages: stagesOf(found) };
  }

  @Get('policy')
  @ApiOperation({ summary: 'The policy in Rego, and the digest of what evaluates', operationId: 'showPolicy' })
  @ApiOkResponse({ type: Policy })
  policy(): Promise<Policy> {
    return this.queries.execute(new ShowPolicy());
  }
}
