/**
 * What specs need and products do not: a database and a message server per test, waiting with a deadline, builders. Only specs
 * and the end-to-end tests import it.
 */
export { spellingsOf, statusOf, type RawRequest } from "./spellings";
export { commitCutter, type CommitCutter, type Cut } from "./commit-cutter";
export { eventually, type EventuallyOptions } from "./eventually";
export { freshDatabase, type FreshDatabase, type FreshDatabaseOptions } from "./fresh-database";
export { aTrainerKey, freshNats, natsOptions, type FreshNats } from "./fresh-nats";
export { movedRun, runAccepts } from "./moved-run";
export { unchecked } from "./unchecked";
