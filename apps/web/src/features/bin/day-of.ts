/** The day of an ISO time, in UTC. */
export const dayOf = (time: string): string => time.slice(0, 10);
