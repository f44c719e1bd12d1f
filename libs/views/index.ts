export { type CaseRow, type Place, type Stage, STAGES, type Waiting } from './case-row.js';
export { type CaseEntry, type CaseFilter, type Followed, openViews, type Views } from './views.js';
