import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentReader, ProblemException, type Reader } from '#edge';
import { CaseListing, isCaseId } from './listing.js';
import { PAGE_STYLE } from './page-style.js';
import { casePage, listPage } from './pages.js';
import { ListCases, ShowCase } from './queries.js';

/** The same cases for people: plain pages without a script. */
@ApiExcludeController()
@Controller()
export class PagesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  async list(@CurrentReader() { tenant }: Reader, @Query() listing: CaseListing): Promise<string> {
    return listPage(tenant, await this.queries.execute(new ListCases(tenant, listing.filter(), listing.page())));
  }

  @Get('cases/:id')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async one(@CurrentReader() { tenant }: Reader, @Param('id') id: string): Promise<string> {
    const found = isCaseId(id) ? await this.queries.execute(new ShowCase(tenant, id)) : undefined;
    if (!found) throw new ProblemException(404, 'unknown_case', 'There is no such case in this tenant.');
    return casePage(found);
  }

  @Get('page.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return PAGE_STYLE;
  }
}
