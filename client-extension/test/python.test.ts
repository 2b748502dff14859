import assert from 'node:assert/strict';
import { test } from 'node:test';

import { choose, type Origin, parseProbe, type Python } from '../src/python';

const python = (origin: Origin, version: string, server = ''): Python => ({
  path: `/${origin}/python`,
  origin,
  version,
  server,
});

test('the first interpreter with a server is taken', () => {
  const found = [python('private', '3.12.1'), python('path', '3.11.2', '0.1.0')];
  assert.deepEqual(choose(found), { kind: 'ready', python: found[1] });
});

test('without a server the private environment is made with an interpreter outside of it', () => {
  const found = [
    python('private', '3.12.1'),
    python('extension', '3.13.0'),
    python('path', '3.11.2'),
  ];
  assert.deepEqual(choose(found), { kind: 'noServer', base: found[1] });
});

test('a server that is too old is named', () => {
  const found = [python('private', '3.12.1', '0.0.9'), python('path', '3.11.2')];
  assert.deepEqual(choose(found), { kind: 'oldServer', found: found[0], base: found[1] });
});

test('a Python that is too old is no base, and a server in it does not count', () => {
  const old = python('path', '3.9.18', '0.1.0');
  assert.deepEqual(choose([old]), { kind: 'noPython', found: old });
  assert.deepEqual(choose([]), { kind: 'noPython' });
});

test('a probe is read from the last line', () => {
  const candidate = { path: 'python3', origin: 'path' as const };
  const said = 'Welcome!\n{"version": "3.11.2", "server": "0.1.0"}\n';
  assert.deepEqual(parseProbe(candidate, said), {
    ...candidate,
    version: '3.11.2',
    server: '0.1.0',
  });
  assert.equal(parseProbe(candidate, 'Welcome!'), undefined);
  assert.equal(parseProbe(candidate, '{"version": 3}'), undefined);
});
