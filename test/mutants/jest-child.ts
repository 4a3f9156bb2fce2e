import { runCLI } from 'jest';

/** Beyond this the process ends after its answer, and its parent starts another one. */
const MAX_BYTES = 1_300_000_000;

/** Runs one file of tests for each message, in this process, so that large libraries are loaded once. */
process.on('message', async (path: string) => {
  const { results } = await runCLI(
    { runInBand: true, runTestsByPath: true, _: [path], $0: '', silent: true, reporters: [], watchman: false } as never,
    [process.cwd()],
  );
  const failed = results.testResults.flatMap(({ testResults, testExecError }) => [
    ...testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    ...(testExecError === undefined ? [] : ['the file cannot be run']),
  ]);
  const isLast = process.memoryUsage().rss > MAX_BYTES;
  process.send?.({ passed: results.success && results.numTotalTests > 0, failed: failed[0] ?? '', isLast });
});
