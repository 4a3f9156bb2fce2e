import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type CounterpartName, findPythonWithJwt, requireCounterpart } from './counterparts.ts';
import { answers } from './ports.ts';

const root = join(import.meta.dirname, '../..');
const snippet = (file: string): string => join(root, 'docs/snippets', file);

/** A program behind a gate, in some language, made of a piece of code from the documents. It answers with the claims and the assertion that it got. */
interface Language {
  readonly counterpart?: CounterpartName;
  /** The command that serves the port; the folder is the program's own. */
  command(folder: string, port: number): readonly [program: string, ...args: string[]];
  /** Makes what the program keeps older. */
  age?(folder: string, seconds: number): void;
}

const NODE = (port: number): string => `
import express from 'express';
import { requireGate } from '${snippet('require-gate.mjs')}';
express()
  .use(requireGate)
  .use((request, response) => response.json({ claims: request.gate, assertion: request.headers['x-gate-assertion'] }))
  .listen(${port}, '127.0.0.1');`;

const PHP = `<?php
require __DIR__ . '/require-gate.php';
$claims = require_gate();
header('Content-Type: application/json');
echo json_encode(['claims' => $claims, 'assertion' => $_SERVER['HTTP_X_GATE_ASSERTION']]);
`;

const PYTHON = (port: number): string => `
import json
from wsgiref.simple_server import WSGIRequestHandler, make_server
from require_gate import require_gate

class Handler(WSGIRequestHandler):
    def get_environ(self):
        return {**super().get_environ(), "RAW_URI": self.path}

    def log_message(self, *_):
        pass

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"claims": environ["gate"], "assertion": environ["HTTP_X_GATE_ASSERTION"]}).encode()]

make_server("127.0.0.1", ${port}, require_gate(app), handler_class=Handler).serve_forever()
`;

export const snippetLanguages: Readonly<Record<'Node' | 'PHP' | 'Python', Language>> = {
  Node: { command: (_folder, port) => [process.execPath, '--input-type=module', '-e', NODE(port)] },
  PHP: {
    counterpart: 'php',
    command: (folder, port) => {
      const site = join(folder, 'public');
      mkdirSync(site, { recursive: true });
      cpSync(snippet('require-gate.php'), join(site, 'require-gate.php'));
      writeFileSync(join(site, 'index.php'), PHP);
      return ['php', '-q', '-S', `127.0.0.1:${port}`, join(site, 'index.php')];
    },
    age: (folder, seconds) => {
      const file = join(folder, 'gate-keys.json');
      const kept = JSON.parse(readFileSync(file, 'utf8')) as { fetchedAt: number };
      writeFileSync(file, JSON.stringify({ ...kept, fetchedAt: kept.fetchedAt - seconds }));
    },
  },
  Python: {
    counterpart: 'PyJWT for python3',
    command: (_folder, port) => [findPythonWithJwt() ?? 'python3', '-c', PYTHON(port)],
  },
};

/** Starts a program on its port; returns what ends it. */
export async function startSnippetUpstream(
  { counterpart, command }: Language,
  folder: string,
  port: number,
  variables: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  if (counterpart !== undefined) requireCounterpart(counterpart);
  const [program, ...args] = command(folder, port);
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    PYTHONPATH: join(root, 'docs/snippets'),
    PYTHONDONTWRITEBYTECODE: '1',
    ...variables,
  };
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint += text;
  });
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${complaint}`);
    await setTimeout(50);
  }
  return () => ended(child);
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}
