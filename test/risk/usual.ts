import type { Circumstances } from '#risk';

/** A day on which nothing stands out. */
export const USUAL: Circumstances = {
  source: 'api',
  department: 'sales',
  leavers: { tenant: { last: 3, usual: 4 }, source: { last: 3, usual: 4 }, department: { last: 1, usual: 1 } },
  worst: { scope: 'tenant', last: 3, usual: 4 },
  requests: { all: 210, by_requester: 40, around_hour: 31 },
};
