import assert from 'node:assert/strict';
import { test } from 'node:test';

import { table } from '../src/table';

test('every key has a column, and bars do not end a cell', () => {
  const rows = [
    { what: 'Python', found: '3.11 | 3.12' },
    { what: 'core_count', ok: true },
  ];
  const wanted = [
    '| what | found | ok |',
    '| --- | --- | --- |',
    '| Python | 3.11 \\| 3.12 |  |',
    '| core_count |  | true |',
  ];
  assert.equal(table(rows), wanted.join('\n'));
});
