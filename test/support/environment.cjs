const { TestEnvironment } = require('jest-environment-node');

/** Node's own environment, whose tests may also take modules that were loaded once for all tests of a process. */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.requireOnce = require;
  }
};
