export type { Asked } from './asking.js';
export type { Claim } from './claim.js';
export { type Facts, type Weighed, worse } from './facts.js';
export type { Finding, FindingCode } from './finding.js';
export type { Employee, Hris, HrisQuery } from './hris.js';
export { HRIS_KINDS, type HrisKind, openHris } from './open-hris.js';
export { type Evidence, type Label, type Question, takeEvidence } from './take-evidence.js';
export { openWorkdayReport, workdayDay, type WorkdayReport } from './workday-report.js';
