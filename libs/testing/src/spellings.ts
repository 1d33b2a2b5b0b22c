import { Agent, request } from "node:http";

const encoded = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`;
const eachSegment = (path: string, write: (segment: string, index: number) => string): string =>
  path
    .split("/")
    .map((segment, index) => (index === 0 ? segment : write(segment, index)))
    .join("/");

/**
 * Ways to write one path, each of which some router, proxy or server reads as that path (and others as none at all). They are
 * request targets as they go over the wire, the plain path first: a client that tidies URLs would undo them.
 */
export function spellingsOf(path: string): string[] {
  const [, first = "", ...rest] = path.split("/");
  const tail = rest.join("/");
  return [
    path,
    `${path}?token=x`,
    `${path}#x`,
    // Encoded letters: the first, all, in capital digits, twice, one of a later part.
    `/${encoded(first[0] ?? "")}${first.slice(1)}/${tail}`,
    path.replaceAll(/[a-z]/gi, encoded),
    path.replaceAll(/[a-z]/gi, (letter) => encoded(letter).toUpperCase()),
    path.replaceAll(/[a-z]/gi, (letter) => `%25${encoded(letter).slice(1)}`),
    eachSegment(path, (segment) => `${segment.slice(0, -1)}${encoded(segment.at(-1) ?? "x")}`),
    eachSegment(path, (segment, index) => (index === 2 ? segment.replaceAll(/[a-z]/gi, encoded) : segment)),
    // Slashes: doubled, encoded, backwards, at the end.
    `/${path}`,
    path.replaceAll("/", "//"),
    `/${first}%2f${tail}`,
    `/${first}%2F${tail}`,
    `/${first}\\${tail}`,
    `/\\${path.slice(1)}`,
    `/${first}%5c${tail}`,
    `${path}/`,
    `${path}//`,
    `${path}%2f`,
    // Dots.
    `/.${path}`,
    `/x/..${path}`,
    `/../..${path}`,
    `/${first}/./${tail}`,
    `/${first}/x/../${tail}`,
    `/${first}/%2e/${tail}`,
    `/${first}/x/%2e%2e/${tail}`,
    `/${first}/x/.%2E/${tail}`,
    `/health/..${path}`,
    `/api/v1/session/..${path.replace(/^\/api\/v1/, "")}`,
    `/_next/static/../..${path}`,
    `${path}/.`,
    `${path}/x/..`,
    `${path}.`,
    // Capitals, parameters of a segment, what some servers cut off.
    path.toUpperCase(),
    `/${first.toUpperCase()}/${tail}`,
    `${path};x=y`,
    eachSegment(path, (segment) => `${segment};x=y`),
    `/;${path}`,
    `${path}%3bx=y`,
    `${path}%20`,
    `${path}%00`,
    `${path}%09`,
    `${path}%23`,
    `${path}%3f`,
    `${path}.json`,
    `/%20${path}`,
    // What is not UTF-8, or no percent-encoding at all.
    `/%c1%a1${path.slice(2)}`,
    `/%u0061${path.slice(2)}`,
    `${path}%`,
    `${path}?x=%`,
    // No path: a whole URL, a star (Node's servers read no other target that begins without a slash).
    `http://127.0.0.1${path}`,
    `http://localhost:1${path}`,
    `HTTP://LOCALHOST${path}`,
    `https://127.0.0.1${path}`,
    `http://127.0.0.1/${path}`,
    `*${path.slice(1)}`,
    `*${path}`,
  ];
}

export interface RawRequest {
  method: string;
  /** The request target, sent as it is. */
  target: string;
  headers?: Record<string, string>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends a request without a body to a port of this machine. The status of the answer, whose body is read and dropped. */
export function statusOf(port: number, { method, target, headers = {} }: RawRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, agent, method, path: target, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
      answer.once("error", reject);
    });
    asking.once("error", reject);
    asking.end();
  });
}
