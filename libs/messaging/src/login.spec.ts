import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withSecretFiles } from "@basin/contracts";
import { createAccount, createUser, encodeUser, fmtCreds } from "@nats-io/jwt";
import { expect, onTestFinished, test } from "vitest";
import { loginOf, parseNatsCredentials, readNatsLogin, readNatsTls } from "./login";

test("a login comes from the environment or a file, and what is missing or double is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-login-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [file, empty] = [join(folder, "password"), join(folder, "empty")];
  writeFileSync(file, "secret \r\nmore");
  writeFileSync(empty, "\n");
  const read = (variables: Record<string, string>) =>
    readNatsLogin(
      withSecretFiles(variables, (name) => readFileSync(name, "utf8")),
      "trainer",
    );
  expect(read({ NATS_USER: "" })).toBeNull();
  expect(read({ NATS_PASSWORD: "p" })).toEqual({ user: "trainer", password: "p" });
  expect(read({ NATS_USER: "me", NATS_PASSWORD_FILE: file })).toEqual({ user: "me", password: "secret" });
  expect(() => read({ NATS_USER: "me" })).toThrow(/NATS_USER .* without NATS_PASSWORD or NATS_PASSWORD_FILE/);
  expect(() => read({ NATS_PASSWORD: "p", NATS_PASSWORD_FILE: file })).toThrow(
    /NATS_PASSWORD and NATS_PASSWORD_FILE are both set/,
  );
  expect(() => read({ NATS_PASSWORD_FILE: empty })).toThrow(/NATS_PASSWORD_FILE: .*empty is empty/);
  expect(() => read({ NATS_PASSWORD_FILE: join(folder, "none") })).toThrow(/NATS_PASSWORD_FILE cannot be read/);
  expect(() => read({ NATS_TOKEN: "p", NATS_PASSWORD: "p" })).toThrow(/NATS_TOKEN and NATS_PASSWORD are both set/);
  expect(() => read({ NATS_TOKEN: "basin_secret" })).toThrow(/NATS_TOKEN: no NATS credentials: .*basin trainer token/);
  expect(() => read({ NATS_TOKEN: "basin_secret" })).not.toThrow(/basin_secret/);
});

test("credentials are read from one line, a variable, a file and an address", async () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-login-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const user = createUser();
  const jwt = await encodeUser("t-1", user, createAccount(), { tags: ["trainer", "pool:gpu"] }, { exp: 2_000_000_000 });
  const seed = Buffer.from(user.getSeed()).toString("utf8");
  const wanted = { jwt, seed, key: user.getPublicKey(), kind: "trainer", name: "t-1", pool: "gpu", expires: 2_000_000_000 };
  expect(parseNatsCredentials(` ${jwt}.${seed}\n`)).toEqual(wanted);
  const file = join(folder, "a b.creds");
  writeFileSync(file, fmtCreds(jwt, user));
  const variables = withSecretFiles({ NATS_TOKEN_FILE: file }, (name) => readFileSync(name, "utf8"));
  expect(readNatsLogin(variables, "trainer")).toEqual(wanted);
  expect(loginOf(new URL(`nats://127.0.0.1:1?creds=${encodeURIComponent(file)}`))).toEqual(wanted);
  expect(loginOf(new URL("nats://127.0.0.1:1"))).toBeNull();
  expect(() => loginOf(new URL("nats://127.0.0.1:1?creds=/nowhere"))).toThrow(/creds=\/nowhere of the NATS address: ENOENT/);
  expect(() => parseNatsCredentials(`${jwt.slice(0, -4)}aaaa.${seed}`)).toThrow(/cannot be used/);
});

test("a certificate and its key belong together", () => {
  expect(readNatsTls({ NATS_CA: "" })).toBeNull();
  expect(readNatsTls({ NATS_CA: "ca.pem" })).toEqual({ ca: "ca.pem", cert: null, key: null });
  expect(readNatsTls({ NATS_CERT: "c", NATS_KEY: "k" })).toEqual({ ca: null, cert: "c", key: "k" });
  expect(() => readNatsTls({ NATS_CA: "ca.pem", NATS_KEY: "k" })).toThrow(/NATS_CERT and NATS_KEY belong together/);
});
