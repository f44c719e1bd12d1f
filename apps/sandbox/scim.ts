import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { type PortalTokens, rightOf } from './bearer.js';
import { declareGroups } from './scim-groups.js';
import { declareUsers } from './scim-users.js';
import { type Place, type Running, startListener } from './service.js';
import type { Company } from './state.js';

// scimmy keeps its resource types for the whole process, so each call brings its company along; it patches by reading,
// changing and writing the whole resource, all in one turn of the event loop, so that no other call comes between
declareUsers();
declareGroups();

/** The SCIM 2.0 application under `/scim/v2`, served by scimmy over the company's accounts. */
export function startScim(company: Company, tokens: PortalTokens, place: Place): Promise<Running> {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(
    '/scim/v2',
    new SCIMMYRouters({
      type: 'bearer',
      baseUri: (request) => `http://127.0.0.1:${String(request.socket.localPort)}`,
      handler: (request) => {
        if (!rightOf(request.headers, tokens)) throw new Error('unauthorized');
        return '';
      },
      context: (request): Company => {
        const looking = request.method === 'GET' || request.path === '/.search';
        if (!looking && rightOf(request.headers, tokens) !== 'write') throw new SCIMMY.Types.Error(403, '', 'this credential may only read');
        return company;
      },
    }),
  );
  return startListener(place, app);
}
