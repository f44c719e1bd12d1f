import { PatternSet } from './pattern-set.js';
import { checksPatterns } from './patterns-checks.js';
import { englishPatterns } from './patterns-english.js';
import { languagePatterns } from './patterns-languages.js';
import { revokedPatterns } from './patterns-revoked.js';
import { rolePatterns } from './patterns-role.js';
import { structurePatterns } from './patterns-structure.js';
import { tamperingPatterns } from './patterns-tampering.js';

/** The patterns that every tenant has. */
export const builtInMarkers = new PatternSet([...englishPatterns, ...revokedPatterns, ...tamperingPatterns, ...rolePatterns, ...structurePatterns, ...languagePatterns, ...checksPatterns]);
