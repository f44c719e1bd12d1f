/** Options of an agent whose idle connections are let go before the five seconds after which most servers close theirs under a call on its way. */
export const KEPT_CONNECTIONS = { keepAlive: true, timeout: 4_000 } as const;
