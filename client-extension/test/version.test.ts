import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isAtLeast } from '../src/version';

test('versions are compared by number', () => {
  assert.ok(isAtLeast('0.10.0', '0.9.3'));
  assert.ok(isAtLeast('3.11.2', '3.11'));
  assert.ok(isAtLeast('1', '0.9'));
  assert.ok(!isAtLeast('3.9.18', '3.11'));
  assert.ok(!isAtLeast('0.1', '0.1.1'));
});

test('a pre-release counts as its release', () => {
  assert.ok(isAtLeast('0.2.0rc1', '0.2'));
  assert.ok(isAtLeast('0.2.0.dev3+g12', '0.2.0'));
});

test('what is no version is too old', () => {
  assert.ok(!isAtLeast('', '0.1'));
  assert.ok(!isAtLeast('unknown', '0.1'));
});
