import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findings, table } from '../src/table';

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

test('findings are lines, with what to do about them', () => {
  const rows = [
    { what: 'cores', status: 'ok', found: '2 cores', remedy: '' },
    { what: 'model', status: 'missing', found: 'none', remedy: 'Pull it.' },
  ];
  const wanted = '- **cores** — ok: 2 cores\n- **model** — missing: none  \n  *Pull it.*';
  assert.equal(findings(rows), wanted);
});
