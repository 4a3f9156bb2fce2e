#!/usr/bin/env node
// Plain JavaScript, because a Node that is too old for TypeScript must be able to run it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isTooOld, refuseOldNode } from './check-node.js';
import './compile-cache.js';

const args = process.argv.slice(2);
if (!isTooOld) import('../cli/main.ts').then(({ main }) => main(args)).then(endWith);
else if (existsSync(ownNode())) runWith(ownNode());
else refuseOldNode();

/** The Node that `npm ci` installs on Linux. */
function ownNode() {
  return fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
}

function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both processes: the command decides when it ends.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', refuseOldNode);
  child.on('close', endWith);
}

function endWith(code) {
  process.exitCode = code === null ? 1 : code;
}
