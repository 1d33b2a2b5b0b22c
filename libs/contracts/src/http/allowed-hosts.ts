/**
 * Which names a server of Basin answers to, and which pages may make a browser change something here. Both sides of the proxy
 * decide by this one list: against a name that an attacker lets point to this machine (DNS rebinding), and against a page of
 * another port or site that sends what it likes with a person's cookie.
 */
export interface AllowedHosts {
  /** Under which people's browsers see the dashboard, e.g. `https://basin.example`; null: only as it is reached here. */
  readonly publicOrigin: string | null;
  /** Lower case: `name` (on any port), `name:port`, `[::1]`. */
  readonly names: ReadonlySet<string>;
}

/** Of a request, as Node's HTTP servers have it. */
export interface AskedSite {
  method: string;
  /** The request target: a path, or a whole URL (RFC 9112, 3.2.2), whose host then counts and not the header. */
  url: string;
  headers: {
    host?: string | undefined;
    origin?: string | undefined;
    authorization?: string | undefined;
    "sec-fetch-site"?: string | string[] | undefined;
  };
  /** The address at which the connection arrived. Who writes it instead of a name cannot have been led here by a name. */
  localAddress?: string | undefined;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const example = "https://basin.example";

/**
 * From BASIN_PUBLIC_URL and BASIN_ALLOWED_HOSTS (comma-separated names, with a port or for any); empty ones count as not set.
 * Throws an Error whose message begins with the variable that is wrong.
 */
export function readAllowedHosts(variables: {
  BASIN_PUBLIC_URL?: string | undefined;
  BASIN_ALLOWED_HOSTS?: string | undefined;
}): AllowedHosts {
  const publicUrl = (variables.BASIN_PUBLIC_URL ?? "").trim();
  const listed = (variables.BASIN_ALLOWED_HOSTS ?? "").split(",").map((name) => name.trim().toLowerCase());
  const names = new Set<string>();
  for (const name of listed) {
    if (name === "") continue;
    const parsed = hostOf(name);
    if (parsed === null || name.includes("*"))
      throw new Error(
        `BASIN_ALLOWED_HOSTS: "${name}" is no host; list names as a browser shows them, e.g. basin.example,10.0.0.5:4000`,
      );
    names.add(/:\d+$/.test(name) ? parsed.host : parsed.hostname);
  }
  if (publicUrl === "") return { publicOrigin: null, names };
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw new Error(`BASIN_PUBLIC_URL: "${publicUrl}" is no URL; write the address that people open, e.g. ${example}`);
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "")
    throw new Error(
      `BASIN_PUBLIC_URL: "${publicUrl}" must end after the host; Basin is served at the root of a host, e.g. ${example}`,
    );
  return { publicOrigin: url.origin, names: names.add(url.hostname) };
}

/** Why a request may not be served, in words for the person who reads the answer; null: nothing speaks against it. */
export function siteRefusal(asked: AskedSite, allowed: AllowedHosts): string | null {
  const host = askedHost(asked);
  if (host === null || !isAllowed(host, asked.localAddress, allowed))
    return (
      `this Basin does not answer to the host ${JSON.stringify(host?.host ?? asked.headers.host ?? "")}, only to localhost, 127.0.0.1, [::1] ` +
      "and what BASIN_PUBLIC_URL and BASIN_ALLOWED_HOSTS name"
    );
  if (readsOnly(asked.method)) return null;
  const { origin, authorization } = asked.headers;
  if (origin !== undefined) {
    if (originsOf(host, allowed).includes(origin)) return null;
    return `a page of ${JSON.stringify(origin)} may not change anything here; BASIN_PUBLIC_URL names the address under which people open the dashboard`;
  }
  // A browser sends an Origin with whatever is no GET or HEAD; what sends none is a program, or says itself where it comes from.
  const site = asked.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || /^Bearer\s/i.test(authorization ?? "")) return null;
  return "a page of another site may not change anything here";
}

const readsOnly = (method: string): boolean => method === "GET" || method === "HEAD";

/**
 * Whether a request that would change something says nothing of who sends it: no page's origin, no relation to one, no token of a program. A
 * browser that writes neither header cannot be told from a page of another port, to which the cookie goes as well.
 */
export function lacksSender({ method, headers }: Pick<AskedSite, "method" | "headers">): boolean {
  const { origin, authorization } = headers;
  return (
    !readsOnly(method) &&
    origin === undefined &&
    headers["sec-fetch-site"] === undefined &&
    !/^Bearer\s/i.test(authorization ?? "")
  );
}

interface Host {
  /** As it was written. */
  text: string;
  hostname: string;
  /** With the port, unless it is http's own. */
  host: string;
}

/** `name` or `name:port` and nothing else: what a URL parser would take for a user or a path is no host. */
function hostOf(text: string): Host | null {
  if (!/^(\[[0-9a-f:.]+\]|[^\s/\\?#@:[\]]+)(:\d{1,5})?$/i.test(text) || !URL.canParse(`http://${text}`)) return null;
  const { hostname, host } = new URL(`http://${text}`);
  return { text, hostname, host };
}

function askedHost({ url, headers }: AskedSite): Host | null {
  const named = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  return hostOf(named ?? headers.host ?? "");
}

function isAllowed({ hostname, host }: Host, localAddress: string | undefined, { names }: AllowedHosts): boolean {
  if (loopback.test(hostname) || names.has(hostname) || names.has(host)) return true;
  const local = (localAddress ?? "").replace(/^::ffff:/i, "");
  return hostname === local || hostname === `[${local}]`;
}

/**
 * Origins of the pages that this host itself serves. A proxy may have taken the port off the public name, and then the name alone
 * could be any server of that machine: only the public origin itself counts there.
 */
function originsOf({ text, hostname }: Host, { publicOrigin }: AllowedHosts): string[] {
  const own = ["http", "https"].map((scheme) => new URL(`${scheme}://${text}`).origin);
  if (publicOrigin === null) return own;
  const isBareName = text.toLowerCase() === hostname && hostname === new URL(publicOrigin).hostname;
  return isBareName ? [publicOrigin] : [publicOrigin, ...own];
}
