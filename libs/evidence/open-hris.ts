import type { PortalAddress } from '#portals';
import { bambooHr } from './bamboohr-hris.js';
import { employeesHris, type Hris } from './hris.js';
import { workday } from './workday-hris.js';

/** The protocols in which an HRIS can be asked. */
export const HRIS_KINDS = ['employees', 'bamboohr', 'workday'] as const;
export type HrisKind = (typeof HRIS_KINDS)[number];

type HrisAddress = PortalAddress & ({ readonly kind?: 'employees' } | { readonly kind: HrisKind; readonly now: () => Date });

/** The HRIS at its address, in the protocol of its kind; what it may do is the credential's affair. */
export function openHris(address: HrisAddress): Hris {
  if (!('now' in address)) return employeesHris(address);
  if (address.kind === 'bamboohr') return bambooHr(address, address.now);
  return address.kind === 'workday' ? workday(address, address.now) : employeesHris(address);
}
