import assert from 'node:assert/strict';
import { test } from 'node:test';

import { commandLink } from '../src/links';

test('arguments survive being decoded twice, and hold nothing that ends a link', () => {
  const args = ['scopewise-result:/a%20b.py?id%3D1 x', 3];
  const link = commandLink('scopewise.applyResult', args);
  const query = link.slice(link.indexOf('?') + 1);
  assert.deepEqual(JSON.parse(decodeURIComponent(decodeURIComponent(query))), args);
  assert.doesNotMatch(query, /[\s()]/);
});
