import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with one plain line, "Tests: N passed, N failed, N skipped", that any log reader understands. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        count[test.result().state] += 1;
        if (test.result().state === "failed") failedTests += 1;
      }
      // A file that could not be collected has no tests to fail.
      if (module.state() === "failed" && failedTests === 0) count.failed += 1;
    }
    process.stdout.write(`\nTests: ${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped\n`);
  }
}
