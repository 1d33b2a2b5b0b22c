import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Where a connection is cut: before PostgreSQL hears of the COMMIT, or when it has done it and its answer is on the way. */
export type Cut = "before" | "after";

export interface CommitCutter {
  /** The same database, by a way that can be cut. */
  url: string;
  /** The next COMMITs are cut, one for each entry; only of transactions in which `during` was said, if it is given. */
  cutNext(cuts: readonly Cut[], during?: string): void;
  /** New connections are ended at once from now on. */
  refuse(): void;
  /** Cuts that are still to come. */
  left(): number;
  close(): Promise<void>;
}

const commit = Buffer.from("COMMIT\0");

/** A way to PostgreSQL that breaks connections at their COMMIT. */
export async function commitCutter(databaseUrl: string): Promise<CommitCutter> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let cuts: Cut[] = [];
  let during: Buffer | null = null;
  let refusing = false;
  const server = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    let said = Buffer.alloc(0);
    let swallow = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        // What was committed is let through to the server before its connection ends.
        if (!swallow) end();
      });
    }
    client.on("data", (piece) => {
      said = Buffer.concat([said, piece]);
      const cut = piece.includes(commit) && (during === null || said.includes(during)) ? cuts.shift() : undefined;
      if (piece.includes(commit)) said = Buffer.alloc(0);
      if (cut === "before") {
        end();
        return;
      }
      swallow = cut === "after";
      upstream.write(piece);
    });
    upstream.on("data", (piece) => {
      if (swallow) end();
      else client.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    cutNext(next, text) {
      cuts = [...next];
      during = text === undefined ? null : Buffer.from(text);
    },
    refuse: () => void (refusing = true),
    left: () => cuts.length,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
