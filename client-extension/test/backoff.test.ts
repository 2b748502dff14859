import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Backoff } from '../src/backoff';

test('waits longer each time, and gives up', () => {
  const backoff = new Backoff();
  const waits = [0, 1, 2, 3, 4, 5, 6].map((now) => backoff.next(now));
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, undefined, undefined]);
});

test('only the first crash of a series is reported', () => {
  const backoff = new Backoff();
  backoff.next(0);
  assert.ok(backoff.isFirst);
  backoff.next(1);
  assert.ok(!backoff.isFirst);
});

test('a server that ran for long is counted anew', () => {
  const backoff = new Backoff();
  backoff.next(0);
  backoff.next(1_000);
  assert.equal(backoff.next(1_000 + 180_001), 1_000);
  assert.ok(backoff.isFirst);
});
