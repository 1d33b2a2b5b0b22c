import type { WriteStream } from "node:tty";

type Paint = (text: string) => string;

export interface Style {
  bold: Paint;
  dim: Paint;
  red: Paint;
  green: Paint;
  yellow: Paint;
  cyan: Paint;
}

/** Colours where the stream is a terminal that shows them and NO_COLOR is not set. */
export function styleFor(stream: WriteStream): Style {
  const on = stream.isTTY && stream.hasColors() && !process.env.NO_COLOR;
  const code = (open: number, close: number) => (text: string) => (on ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    cyan: code(36, 39),
  };
}
