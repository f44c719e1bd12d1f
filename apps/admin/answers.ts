import { ApiProperty } from '@nestjs/swagger';
import type { JsonObject } from '#decider';
import { type CaseRow, STAGES } from '#views';
import type { StoryDecision, StoryEntry, StoryStage } from './case-story.js';

const PHASES = ['soft', 'hard', 'reinstate', 'erase'] as const;

/** One case as a list shows it. */
export class CaseSummary implements CaseRow {
  @ApiProperty() case!: string;
  @ApiProperty() pipeline!: string;
  @ApiProperty({ enum: STAGES }) stage!: CaseRow['stage'];
  @ApiProperty({ enum: PHASES }) phase!: CaseRow['phase'];
  @ApiProperty({ type: String, nullable: true, enum: ['date', 'people', 'window', 'person', 'parked', null] }) waiting!: CaseRow['waiting'];
  @ApiProperty({ type: String, nullable: true, description: 'How it ended; null while it is open.' }) outcome!: CaseRow['outcome'];
  @ApiProperty({ description: 'Opaque id of the first person who asked.' }) requester!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Opaque id of the person concerned.' }) person!: string | null;
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 1 }) score!: number | null;
  @ApiProperty({ format: 'date-time' }) opened!: string;
  @ApiProperty({ format: 'date-time' }) updated!: string;
  @ApiProperty({ description: 'Number of its first ledger entry.' }) firstSeq!: number;
  @ApiProperty({ description: 'Number of its last ledger entry.' }) lastSeq!: number;
}

/** A page of cases. */
export class CasePage {
  @ApiProperty({ type: [CaseSummary] }) cases!: readonly CaseSummary[];
  @ApiProperty({ type: Number, nullable: true, description: 'The `cursor` of the next page; null on the last one.' }) next!: number | null;
}

class CaseStoryEntry implements StoryEntry {
  @ApiProperty() seq!: number;
  @ApiProperty({ example: 'gate.decided' }) type!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty() actor!: string;
  @ApiProperty({ description: 'The event in one line of English.' }) words!: string;
  @ApiProperty({ type: Object, description: 'All that the ledger says. A sealed field is {unsealed}, {erased: true} or {unreadable: code}.' }) data!: JsonObject;
}

class CaseStoryStage implements StoryStage {
  @ApiProperty({ enum: STAGES }) stage!: StoryStage['stage'];
  @ApiProperty({ enum: PHASES }) phase!: StoryStage['phase'];
  @ApiProperty({ type: [CaseStoryEntry] }) entries!: readonly CaseStoryEntry[];
}

class CaseDecision implements StoryDecision {
  @ApiProperty() seq!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: '`policy`, or the opaque id of an approver.' }) by!: string;
  @ApiProperty() words!: string;
}

/** A case and its story. */
export class CaseStory extends CaseSummary {
  @ApiProperty({ type: [CaseDecision], description: 'Who decided what.' }) decided!: readonly CaseDecision[];
  @ApiProperty({ type: [CaseStoryStage] }) stages!: readonly CaseStoryStage[];
}

class PolicyRule {
  @ApiProperty() id!: string;
  @ApiProperty() title!: string;
  @ApiProperty() description!: string;
  @ApiProperty() package!: string;
}

class PolicyFile {
  @ApiProperty() path!: string;
  @ApiProperty() text!: string;
}

/** The policy for people to read. */
export class Policy {
  @ApiProperty({ description: 'SHA-256 of the WebAssembly that decides.' }) digest!: string;
  @ApiProperty({ type: [String] }) entrypoints!: readonly string[];
  @ApiProperty({ type: [PolicyRule] }) rules!: readonly PolicyRule[];
  @ApiProperty({ type: [PolicyFile], description: 'The Rego that the WebAssembly was built from.' }) files!: readonly PolicyFile[];
}
