export type { Asked } from './asking.js';
export type { Claim } from './claim.js';
export { type Facts, type Weighed, worse } from './facts.js';
export type { Finding, FindingCode } from './finding.js';
export { type Employee, type Hris, type HrisQuery, openHris } from './hris.js';
export { type Evidence, type Label, type Question, takeEvidence } from './take-evidence.js';
export { openWorkdayReport, workdayDay, type WorkdayReport } from './workday-report.js';
