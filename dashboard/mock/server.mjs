// @ts-check
/**
 * Serves a made-up mesh and the built dashboard as an agent does, with the same headers.
 *
 *   node mock/server.mjs [--nodes N] [--port P] [--faults sender,receiver,datacenter,flow,gone,maintenance,missing,pair|none] [--changing SHARE] [--began SECONDS_AGO]
 *                        [--token T] [--no-history] [--dist DIR]
 *
 * GET /mock/silence?ms=N ends all streams and answers nothing for that long, as a node that restarts.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { MadeUpMesh } from './mesh.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '5' },
    port: { type: 'string', default: '12280' },
    faults: { type: 'string', default: 'sender,flow' },
    changing: { type: 'string', default: '0.2' },
    began: { type: 'string', default: '40' },
    token: { type: 'string' },
    'no-history': { type: 'boolean', default: false },
    dist: { type: 'string', default: new URL('../../artifacts/dashboard/dist', import.meta.url).pathname },
  },
});
const mesh = new MadeUpMesh({ nodes: Number(values.nodes), faults: values.faults.split(','), history: !values['no-history'], began: Date.now() - 1_000 * Number(values.began) });
const changing = Number(values.changing);
/** @type {Set<import('node:http').ServerResponse>} */
const streams = new Set();
let silentUntil = 0;

const types = /** @type {Record<string, string>} */ ({ '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' });

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://mock');
  if (url.pathname === '/mock/silence') {
    silentUntil = Date.now() + Number(url.searchParams.get('ms') ?? 5_000);
    for (const stream of streams) stream.destroy();
    response.end('ok\n');
    return;
  }
  if (Date.now() < silentUntil) {
    request.socket.destroy();
    return;
  }
  if (url.pathname.startsWith('/api/v1/')) api(url, request, response);
  else file(url.pathname, request, response);
});

/** @param {string} path @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
function file(path, request, response) {
  const name = normalize(path === '/' ? '/index.html' : path);
  const full = join(values.dist, name);
  if (!existsSync(full) || !statSync(full).isFile()) {
    response.writeHead(404).end('not found\n');
    return;
  }
  const isBrotli = /\bbr\b/.test(String(request.headers['accept-encoding'])) && existsSync(`${full}.br`);
  response.writeHead(200, {
    'Content-Type': types[extname(name)] ?? 'application/octet-stream',
    'Content-Security-Policy': "default-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': name === '/index.html' ? 'no-cache' : 'public, max-age=31536000, immutable',
    ...(isBrotli ? { 'Content-Encoding': 'br' } : {}),
  });
  createReadStream(isBrotli ? `${full}.br` : full).pipe(response);
}

/** @param {URL} url @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
function api(url, request, response) {
  const send = (/** @type {unknown} */ document, status = 200) => response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify(document));
  if (values.token && request.headers.authorization !== `Bearer ${values.token}`) return send({ error: 'a token is wanted: Authorization: Bearer TOKEN' }, 401);
  const now = Date.now();
  const query = url.searchParams;
  const start = Date.parse(query.get('start') ?? '') || now - 600_000;
  const end = Date.parse(query.get('end') ?? '') || now;
  const step = Number(query.get('step_ms') ?? 1_000);
  const node = query.get('node') ?? mesh.names[0] ?? '';
  if (!mesh.names.includes(node)) return send({ error: `no node ${node} is known here` }, 404);
  switch (url.pathname.slice('/api/v1/'.length)) {
    case 'nodes':
      return send(mesh.nodesDocument(now));
    case 'matrix':
      return send(mesh.matrix(now, query.has('at') ? Date.parse(query.get('at') ?? '') : null));
    case 'verdicts':
      return send(mesh.verdicts(now));
    case 'paths':
      return send(mesh.paths(node, now));
    case 'path': {
      const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
      if (!mesh.names.includes(from) || !mesh.names.includes(to)) return send({ error: `no path from ${from} to ${to} is known here` }, 404);
      return send(mesh.path(from, to, start, end, step, now));
    }
    case 'vitals':
      if (mesh.isSilent(mesh.names.indexOf(node), now)) return send({ error: `${node} does not answer` }, 504);
      return send(mesh.vitals(node, start, end, step, now));
    case 'events':
      return send(mesh.events(start, end, query.get('node')));
    case 'stream':
      return stream(request, response);
    default:
      return send({ error: 'there is no such document' }, 404);
  }
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
function stream(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  streams.add(response);
  let id = 0;
  const say = (/** @type {string} */ event, /** @type {unknown} */ data) => response.write(`id: ${++id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.write('retry: 1000\n\n');
  say('hello', mesh.nodesDocument(Date.now()));
  say('verdicts', mesh.verdicts(Date.now()));
  say('matrix', mesh.matrix(Date.now()));
  let said = JSON.stringify(mesh.verdicts(Date.now()).verdicts.map((v) => v.id));
  let turn = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    turn++;
    const rows = mesh.names.flatMap((_, i) => (!mesh.isSilent(i, now) && (changing >= 1 || (i * 7 + turn * 13) % 100 < changing * 100 || mesh.count < 10) ? [mesh.row(i, now)] : []));
    say('matrix', { at: new Date(now).toISOString(), rows, ages_ms: mesh.names.map((_, i) => (mesh.isSilent(i, now) ? null : 400)), states: mesh.states(now) });
    if (turn % 2 === 0) say('nodes', mesh.nodesDocument(now));
    const ids = JSON.stringify(mesh.verdicts(now).verdicts.map((v) => v.id));
    if (ids !== said) say('verdicts', mesh.verdicts(now));
    said = ids;
  }, 1_000);
  request.on('close', () => {
    clearInterval(timer);
    streams.delete(response);
  });
}

server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
});
process.on('SIGTERM', () => process.exit(0));
