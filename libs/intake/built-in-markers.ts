import { PatternSet } from './pattern-set.js';
import { englishPatterns } from './patterns-english.js';
import { languagePatterns } from './patterns-languages.js';
import { rolePatterns } from './patterns-role.js';
import { structurePatterns } from './patterns-structure.js';

/** The patterns that every tenant has. */
export const builtInMarkers = new PatternSet([...englishPatterns, ...rolePatterns, ...structurePatterns, ...languagePatterns]);
