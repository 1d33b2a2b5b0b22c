import { describe, expect, it } from "vitest";
import { readAllowedHosts, siteRefusal, type AskedSite } from "./allowed-hosts";

const local = readAllowedHosts({});
const lab = readAllowedHosts({
  BASIN_PUBLIC_URL: "https://basin.example",
  BASIN_ALLOWED_HOSTS: "api, 10.0.0.5:4000,[2001:DB8::1]",
});

const asks = (headers: AskedSite["headers"], changes: Partial<AskedSite> = {}): AskedSite => ({
  method: "GET",
  url: "/api/v1/sweeps",
  headers,
  ...changes,
});
const posts = (headers: AskedSite["headers"]): AskedSite => asks({ host: "127.0.0.1:4001", ...headers }, { method: "POST" });

describe("hosts", () => {
  it.each(["localhost", "LOCALHOST:4000", "127.0.0.1:4001", "127.1.2.3", "[::1]:4001", "localhost:80"])(
    "%s is this machine",
    (host) => expect(siteRefusal(asks({ host }), local)).toBeNull(),
  );

  it.each([
    "evil.example",
    "evil.example:4001",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "evil.example/localhost",
    "localhost#.evil.example",
    "localhost\\.evil.example",
    "localhost.",
    "192.0.2.7:4001",
    "[::2]",
    "localhost, evil.example",
    "localhost:4001:4001",
    "",
  ])("%s is not", (host) => expect(siteRefusal(asks({ host }), local)).toContain("does not answer to the host"));

  it("a request without a host is nobody's", () => expect(siteRefusal(asks({}), local)).toContain('the host ""'));

  it("the host of a target that is a whole URL counts, not the header", () => {
    expect(siteRefusal(asks({ host: "localhost" }, { url: "http://evil.example/api" }), local)).toContain("evil.example");
    expect(siteRefusal(asks({ host: "evil.example" }, { url: "HTTP://localhost:4001/api" }), local)).toBeNull();
    expect(siteRefusal(asks({ host: "localhost" }, { url: "http:///api" }), local)).not.toBeNull();
  });

  it("the address at which the connection came in may stand for a name, no other address", () => {
    for (const localAddress of ["192.0.2.7", "::ffff:192.0.2.7"])
      expect(siteRefusal(asks({ host: "192.0.2.7:4000" }, { localAddress }), local)).toBeNull();
    expect(siteRefusal(asks({ host: "[2001:db8::7]" }, { localAddress: "2001:db8::7" }), local)).toBeNull();
    expect(siteRefusal(asks({ host: "192.0.2.8" }, { localAddress: "192.0.2.7" }), local)).not.toBeNull();
    expect(siteRefusal(asks({ host: "" }, { localAddress: "" }), local)).not.toBeNull();
  });

  it("names that are configured are answered: on any port, or on theirs", () => {
    for (const host of ["basin.example", "basin.example:8443", "api:4001", "10.0.0.5:4000", "[2001:db8::1]:9"])
      expect(siteRefusal(asks({ host }), lab), host).toBeNull();
    for (const host of ["10.0.0.5:4001", "10.0.0.5", "www.basin.example", "example"])
      expect(siteRefusal(asks({ host }), lab), host).not.toBeNull();
  });

  it.each([
    [{ BASIN_PUBLIC_URL: "basin.example" }, /^BASIN_PUBLIC_URL: "basin.example" is no URL.*https:/],
    [{ BASIN_PUBLIC_URL: "ftp://basin.example" }, /^BASIN_PUBLIC_URL/],
    [{ BASIN_PUBLIC_URL: "https://basin.example/lab" }, /^BASIN_PUBLIC_URL.*end after the host/],
    [{ BASIN_ALLOWED_HOSTS: "a.example,*.example" }, /^BASIN_ALLOWED_HOSTS: "\*\.example" is no host/],
    [{ BASIN_ALLOWED_HOSTS: "http://a.example" }, /^BASIN_ALLOWED_HOSTS/],
  ])("%j is refused", (variables, message) => expect(() => readAllowedHosts(variables)).toThrow(message));
});

describe("origins of what changes something", () => {
  it.each([
    ["http://127.0.0.1:4001", null],
    ["https://127.0.0.1:4001", null],
    ["http://127.0.0.1:4298", "a page of"],
    ["http://localhost:4001", "a page of"],
    ["http://evil.example", "a page of"],
    ["http://127.0.0.1:4001.evil.example", "a page of"],
    ["http://127.0.0.1", "a page of"],
    ["null", "a page of"],
    ["", "a page of"],
  ])("from %s: %s", (origin, refusal) => {
    const found = siteRefusal(posts({ origin }), local);
    if (refusal === null) expect(found).toBeNull();
    else expect(found).toContain(refusal);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])(
    "%s is asked for its origin; GET and HEAD are not",
    (method) => {
      const headers = { host: "127.0.0.1:4001", origin: "http://127.0.0.1:4298" };
      expect(siteRefusal(asks(headers, { method }), local)).not.toBeNull();
      for (const reading of ["GET", "HEAD"]) expect(siteRefusal(asks(headers, { method: reading }), local)).toBeNull();
    },
  );

  it("programs send none; a browser that sends none says that it is another site", () => {
    expect(siteRefusal(posts({}), local)).toBeNull();
    for (const site of ["cross-site", "same-site", "none"]) {
      expect(siteRefusal(posts({ "sec-fetch-site": site }), local), site).toContain("another site");
      expect(siteRefusal(posts({ "sec-fetch-site": site, authorization: "Bearer basin_x" }), local), site).toBeNull();
    }
    expect(siteRefusal(posts({ "sec-fetch-site": "same-origin" }), local)).toBeNull();
    // A token does not make a page's request the person's own.
    expect(siteRefusal(posts({ origin: "http://evil.example", authorization: "Bearer basin_x" }), local)).not.toBeNull();
  });

  it("behind a proxy the public origin counts, whatever host the proxy sends on", () => {
    const from = (origin: string, host: string) => siteRefusal(asks({ origin, host }, { method: "POST" }), lab);
    for (const host of ["basin.example", "127.0.0.1:4000", "api:4001"])
      expect(from("https://basin.example", host), host).toBeNull();
    // The proxy took the port off: a page of another server of that machine has the same name.
    expect(from("http://basin.example", "basin.example")).not.toBeNull();
    expect(from("https://basin.example:8443", "basin.example")).not.toBeNull();
    expect(from("http://basin.example:4000", "basin.example:4000")).toBeNull();
    expect(from("http://127.0.0.1:4298", "127.0.0.1:4000")).not.toBeNull();
  });

  it("the port that a scheme implies is none of its own", () => {
    const at = (host: string, origin: string) => siteRefusal(asks({ host, origin }, { method: "POST" }), local);
    expect(at("localhost:80", "http://localhost")).toBeNull();
    expect(at("localhost:443", "https://localhost")).toBeNull();
    expect(at("localhost:80", "https://localhost")).not.toBeNull();
  });
});
