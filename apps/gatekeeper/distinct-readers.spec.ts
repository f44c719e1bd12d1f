import { expect, it } from '@jest/globals';
import { assertDistinctReaders } from './distinct-readers.js';

const tenant = (portals: readonly string[], feeds: readonly string[] = []) => ({ portals: portals.map((id) => ({ id })), feeds: feeds.map((id) => ({ id })) });

it('takes systems that each have an id of their own, and the same ids for another tenant', () => {
  expect(() => assertDistinctReaders([tenant(['directory', 'scim'], ['workday']), tenant(['directory'], ['workday'])])).not.toThrow();
});

it.each([
  ['a feed named as the HRIS', tenant(['scim'], ['hris']), 'feeds.0.id: is the id of hris already'],
  ['a portal named as the HRIS', tenant(['scim', 'hris']), 'portals.1.id: is the id of hris already'],
  ['a feed named as a portal', tenant(['directory', 'scim'], ['scim']), 'feeds.0.id: is the id of portals.1.id already'],
  ['two portals of one name', tenant(['scim', 'scim']), 'portals.1.id: is the id of portals.0.id already'],
])('refuses %s, which would be read with the credential of another', (_name, settings, says) => {
  expect(() => assertDistinctReaders([tenant(['scim']), settings])).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining(`GATEHOUSE_TENANTS[1].${says}`) }));
});
