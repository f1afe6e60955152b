/**
 * A vitest reporter: after everything else, one line with the number of tests that passed, failed and were skipped. A
 * test file that does not load counts as a failure.
 */
import { writeSync } from 'node:fs';

export default class Summary {
  onTestRunEnd(modules, unhandled_errors) {
    const counts = { passed: 0, failed: unhandled_errors.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state]++;
      }
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    }
    const line = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    process.once('exit', () => writeSync(1, `${line}\n`));
  }
}
