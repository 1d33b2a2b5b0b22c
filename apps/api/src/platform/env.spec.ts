import { expect, test } from "vitest";
import { readEnv } from "./env";

const least = { DATABASE_URL: "postgres://u:p@127.0.0.1:5432/basin", NATS_URL: "nats://127.0.0.1:4222" };

test("everything but the two addresses has a default; empty variables count as not set", () => {
  expect(readEnv({ ...least, BASIN_API_PORT: "", BASIN_LOG_LEVEL: undefined })).toEqual({
    databaseUrl: least.DATABASE_URL,
    natsUrl: least.NATS_URL,
    natsLogin: null,
    natsTls: null,
    natsKeys: null,
    host: "127.0.0.1",
    port: 4001,
    heartbeatSeconds: 1,
    leaseSeconds: 6,
    checkpointSeconds: 10,
    turnSeconds: 30,
    leaderLeaseSeconds: 3,
    binDays: 14,
    artifactMaxBytes: 2047 * 1024 ** 2,
    logLevel: "info",
    auth: "off",
    firstTokenFile: ".basin/first-token",
    hosts: { publicOrigin: null, names: new Set() },
  });
});

test("every wrong variable is named, with what would be right", () => {
  const wrong = {
    DATABASE_URL: "mysql://x",
    BASIN_API_PORT: "70000",
    BASIN_LEASE_SECONDS: "soon",
    BASIN_ARTIFACT_MAX_MIB: "4096",
    BASIN_BIN_DAYS: "-1",
  };
  expect(() => readEnv(wrong)).toThrow(
    /DATABASE_URL must look like postgres:[\s\S]*NATS_URL is not set[\s\S]*BASIN_API_PORT[\s\S]*BASIN_LEASE_SECONDS must be a number/,
  );
  expect(() => readEnv(wrong)).toThrow("BASIN_ARTIFACT_MAX_MIB must be a whole number of MiB from 1 to 2047");
  expect(() => readEnv(wrong)).toThrow("BASIN_BIN_DAYS must be a number of days from 0 to 3650");
});

test("hosts are read, and what is no host is named", () => {
  const { hosts } = readEnv({ ...least, BASIN_PUBLIC_URL: "https://basin.example/", BASIN_ALLOWED_HOSTS: "api" });
  expect(hosts).toEqual({ publicOrigin: "https://basin.example", names: new Set(["api", "basin.example"]) });
  expect(() => readEnv({ ...least, BASIN_PUBLIC_URL: "basin.example" })).toThrow(
    /\n {2}BASIN_PUBLIC_URL: "basin.example" is no URL/,
  );
  expect(() => readEnv({ ...least, BASIN_ALLOWED_HOSTS: "*" })).toThrow(/BASIN_ALLOWED_HOSTS: "\*" is no host/);
});

test("a leader's lease that a collection of garbage would break is refused", () => {
  expect(() => readEnv({ ...least, BASIN_LEADER_LEASE_SECONDS: "0.2" })).toThrow(/BASIN_LEADER_LEASE_SECONDS must be at least 1/);
});

test("a lease that one late heartbeat would break is refused", () => {
  expect(() => readEnv({ ...least, BASIN_HEARTBEAT_SECONDS: "4" })).toThrow(/BASIN_LEASE_SECONDS must be at least twice/);
});
