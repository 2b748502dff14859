import assert from 'node:assert/strict';
import { test } from 'node:test';

import { requirement } from '../src/requirement';

test('a package gets the extras', () => {
  assert.equal(requirement('scopewise'), 'scopewise[local,cloud]');
  assert.equal(requirement(' scopewise>=0.2 '), 'scopewise[local,cloud]>=0.2');
  assert.equal(requirement(''), 'scopewise[local,cloud]');
});

test('a folder gets the extras', () => {
  assert.equal(requirement('/src/scopewise'), '/src/scopewise[local,cloud]');
});

test('extras that are named stay, and so do files and addresses', () => {
  for (const text of [
    'scopewise[]',
    '/src/scopewise[cloud]',
    '/x/scopewise-0.1-py3-none-any.whl',
  ]) {
    assert.equal(requirement(text), text);
  }
  assert.equal(requirement('git+https://host/scopewise'), 'git+https://host/scopewise');
});
