import { once } from './once.js';
import { PatternSet } from './pattern-set.js';
import { checksPatterns } from './patterns-checks.js';
import { englishPatterns } from './patterns-english.js';
import { languagePatterns } from './patterns-languages.js';
import { obediencePatterns } from './patterns-obedience.js';
import { ordersPatterns } from './patterns-orders.js';
import { personaPatterns } from './patterns-persona.js';
import { promptPatterns } from './patterns-prompt.js';
import { revokedPatterns } from './patterns-revoked.js';
import { rolePatterns } from './patterns-role.js';
import { structurePatterns } from './patterns-structure.js';
import { tamperingPatterns } from './patterns-tampering.js';
import { verdictPatterns } from './patterns-verdict.js';

const english = [...englishPatterns, ...ordersPatterns, ...obediencePatterns, ...revokedPatterns, ...promptPatterns, ...tamperingPatterns, ...verdictPatterns, ...rolePatterns, ...personaPatterns];

/** The patterns that every tenant has; building their automaton takes long enough that only who scans shall pay for it. */
export const builtInMarkers = once(() => new PatternSet([...english, ...structurePatterns, ...languagePatterns, ...checksPatterns]));
