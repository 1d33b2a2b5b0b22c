import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readNatsLogin } from "./login";

test("a login comes from the environment or a file, and what is missing or double is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-login-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [file, empty] = [join(folder, "password"), join(folder, "empty")];
  writeFileSync(file, "secret \r\n");
  writeFileSync(empty, "\n");
  expect(readNatsLogin({ NATS_USER: "" }, "trainer")).toBeNull();
  expect(readNatsLogin({ NATS_PASSWORD: "p" }, "trainer")).toEqual({ user: "trainer", password: "p" });
  expect(readNatsLogin({ NATS_USER: "me", NATS_PASSWORD_FILE: file }, "trainer")).toEqual({ user: "me", password: "secret" });
  expect(() => readNatsLogin({ NATS_USER: "me" }, "api")).toThrow(/NATS_USER .* without NATS_PASSWORD or NATS_PASSWORD_FILE/);
  expect(() => readNatsLogin({ NATS_PASSWORD: "p", NATS_PASSWORD_FILE: file }, "api")).toThrow(/both set/);
  expect(() => readNatsLogin({ NATS_PASSWORD_FILE: empty }, "api")).toThrow(/first line of .*empty is empty/);
  expect(() => readNatsLogin({ NATS_PASSWORD_FILE: join(folder, "none") }, "api")).toThrow(/NATS_PASSWORD_FILE cannot be read/);
});
