import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { LogOutputChannel } from 'vscode';

import { withoutKey } from '../src/log';

test('messages with the API key are not written, and others are', () => {
  const written: string[] = [];
  const channel = {
    trace: (text: string) => written.push(text),
    name: 'trace',
  } as unknown as LogOutputChannel;
  const filtered = withoutKey(channel);
  filtered.trace('Sending notification \'scopewise/apiKey\'.\nParams: {"key": "secret"}');
  filtered.trace('{"method":"scopewise/apiKey","params":{"key":"secret"}}');
  filtered.trace("Sending notification 'initialized'.");
  assert.deepEqual(written, ["Sending notification 'initialized'."]);
  assert.equal(filtered.name, 'trace');
});
