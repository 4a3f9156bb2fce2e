import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type CounterpartName, requireCounterpart } from './counterparts.ts';
import { answers, freePort } from './ports.ts';

/** A server that others wrote, as an upstream of the gate. */
export interface RealServer {
  /** Below it every path is answered. */
  readonly url: string;
  close(): Promise<void>;
}

/** A request as a program behind a server gets it. */
export interface ProgramRequest {
  /** The environment of a CGI program; `$_SERVER` in PHP. */
  readonly variables: Readonly<Record<string, string>>;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Base64. */
  readonly body: string;
  /** Files of a form: name, size and MD5. PHP only. */
  readonly files?: readonly (readonly [field: string, name: string, bytes: number, md5: string])[];
}

/** Answers with what it was given, as JSON. */
const CGI_PROGRAM = `
import base64, json, os, sys
body = sys.stdin.buffer.read(int(os.environ.get('CONTENT_LENGTH') or 0))
variables = {name: value.encode('utf-8', 'surrogateescape').decode('latin-1') for name, value in os.environ.items()}
text = json.dumps({
    'variables': variables,
    'method': variables['REQUEST_METHOD'],
    'target': variables['REQUEST_URI'],
    'body': base64.b64encode(body).decode(),
})
sys.stdout.write('Content-Type: application/json\\r\\n\\r\\n' + text)
`;

/** The same in PHP. A value that is not UTF-8 is read as Latin-1. */
const PHP_PROGRAM = `<?php
$text = fn($value) => preg_match('//u', $value) ? $value : iconv('ISO-8859-1', 'UTF-8', $value);
$variables = array_map(fn($value) => is_string($value) ? $text($value) : json_encode($value), $_SERVER);
$files = [];
foreach ($_FILES as $field => $file)
  $files[] = [$field, $file['name'], $file['size'], md5_file($file['tmp_name'])];
header('Content-Type: application/json');
echo json_encode([
  'variables' => $variables,
  'method' => $_SERVER['REQUEST_METHOD'],
  'target' => $_SERVER['REQUEST_URI'],
  'body' => base64_encode(file_get_contents('php://input')),
  'files' => $files,
]);
`;

/** Lighttpd with a CGI program at `/base`, which gets every path below. */
export function startLighttpd(): Promise<RealServer> {
  requireCounterpart('python3');
  // Not by way of a version manager's stand-in, which is slow.
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return start('lighttpd', '/base', (folder, port) => {
    writeFileSync(join(folder, 'program.py'), CGI_PROGRAM);
    const configuration = [
      `server.document-root = "${folder}"`,
      'server.bind = "127.0.0.1"',
      `server.port = ${port}`,
      'server.modules = ("mod_cgi", "mod_alias")',
      `server.upload-dirs = ("${folder}")`,
      `server.errorlog = "${folder}/errors"`,
      `alias.url = ("/base" => "${folder}/program.py")`,
      `cgi.assign = (".py" => "${python}")`,
    ];
    writeFileSync(join(folder, 'lighttpd.conf'), `${configuration.join('\n')}\n`);
    return ['lighttpd', '-D', '-f', join(folder, 'lighttpd.conf')];
  });
}

/** PHP's own server with one program for every path. */
export function startPhp(): Promise<RealServer> {
  return start('php', '', (folder, port) => {
    writeFileSync(join(folder, 'program.php'), PHP_PROGRAM);
    const settings = ['upload_max_filesize=8M', 'post_max_size=8M'];
    const options = settings.flatMap((setting) => ['-d', setting]);
    return ['php', ...options, '-S', `127.0.0.1:${port}`, '-t', folder, join(folder, 'program.php')];
  });
}

/** Nginx with these directives in its server block and these files, by name, at its root. */
export function startNginx(
  directives: string,
  files: Readonly<Record<string, string | Buffer>> = {},
): Promise<RealServer> {
  return start('nginx', '', (folder, port) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${folder}/${of};`);
    const types = 'types { image/png png; application/json json; text/plain txt; }';
    const server = `server { listen 127.0.0.1:${port}; root ${folder}; client_max_body_size 10m; ${directives} }`;
    const http = `http { access_log off; ${types} ${kept.join(' ')} ${server} }`;
    const main = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/errors; events {}`;
    writeFileSync(join(folder, 'nginx.conf'), `${main}\n${http}\n`);
    return ['nginx', '-e', join(folder, 'errors'), '-p', folder, '-c', join(folder, 'nginx.conf')];
  });
}

const ATTEMPTS = 3;
const WAIT_MILLISECONDS = 50;
const MOST_WAITS = 600;

/** Writes what the server needs into a folder of its own, and waits until it listens. Another process may take the port meanwhile. */
async function start(
  name: CounterpartName,
  base: string,
  prepare: (folder: string, port: number) => readonly string[],
): Promise<RealServer> {
  requireCounterpart(name);
  for (let attempt = 1; ; attempt += 1) {
    const folder = mkdtempSync(join(tmpdir(), `widget-gate-${name}-`));
    const port = await freePort();
    const [program = '', ...args] = prepare(folder, port);
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const ends = once(child, 'exit');
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    const close = async (): Promise<void> => {
      process.removeListener('exit', kill);
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await ends;
      rmSync(folder, { recursive: true });
    };
    if (await listens(child, port)) return { url: `http://127.0.0.1:${port}${base}`, close };
    const errors = said + read(join(folder, 'errors'));
    await close();
    if (attempt === ATTEMPTS) throw new Error(`${name} did not start: ${errors}`);
  }
}

async function listens(child: ChildProcess, port: number): Promise<boolean> {
  for (let waits = 0; waits < MOST_WAITS && child.exitCode === null && child.signalCode === null; waits += 1) {
    if (await answers(port)) return child.exitCode === null;
    await setTimeout(WAIT_MILLISECONDS);
  }
  return false;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
