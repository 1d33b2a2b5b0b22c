/**
 * The parts of a local stack that are programs of their own: embedded Postgres, nats-server and supervised node processes, the
 * lock on a data directory and the checks on ports. It knows no table, no subject and no route: what a part means is its
 * caller's affair. Imported by the command line and by the tests, never by the api, the trainer or the web.
 */
export { openDataDirectory, readLock, DataDirectoryInUse, type DataDirectory } from "./data-directory";
export { makeNatsKeys, natsIdentities } from "./nats-keys";
export { startNats, NatsMissing, type NatsServer } from "./nats";
export { assertPortFree, freePorts, PortTaken } from "./ports";
export { hasPostgres, runningPostgresUrl, startPostgres } from "./postgres";
export { identityOf, isSameProcess, type ProcessIdentity } from "./process-identity";
export { SupervisedProcess, ProcessFailed, type ProcessPlan, type SupervisionEvent } from "./supervised-process";
export { orphanGuard } from "./orphan-guard";
export { workspaceRoot } from "./workspace-root";
