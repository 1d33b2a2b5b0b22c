import { config } from "zod";

/**
 * Checks values without compiling code for it. For pages whose policy forbids that: zod would try, be refused and go on without, and
 * the browser would report the try. Call it before any schema is made.
 */
export function checkWithoutEval(): void {
  config({ jitless: true });
}
