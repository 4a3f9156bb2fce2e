/** Makes a module what the process loaded first: a large library need not be read again for every file of tests. */
module.exports = {
  process: (_source, path) => ({ code: `module.exports = requireOnce(${JSON.stringify(path)});` }),
  getCacheKey: (_source, path) => `load-once:${path}`,
};
