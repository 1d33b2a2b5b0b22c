import { connect } from "node:net";

/**
 * Whether a Postgres server takes connections, asked with the protocol's startup message alone: no password, no client
 * library. "The database system is starting up" (SQLSTATE 57P03) counts as no.
 */
export function postgresAnswers(port: number, host = "127.0.0.1", timeoutMilliseconds = 1000): Promise<boolean> {
  const parameters = Buffer.from("user\0postgres\0database\0postgres\0\0", "latin1");
  const message = Buffer.alloc(8 + parameters.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(3 << 16, 4);
  parameters.copy(message, 8);
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMilliseconds, () => done(false));
    socket.once("connect", () => socket.write(message));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
    socket.once("data", (data) => {
      const text = data.toString("latin1");
      done(text.startsWith("R") || (text.startsWith("E") && !text.includes("57P0")));
    });
  });
}
