import assert from 'node:assert/strict';
import { test } from 'node:test';

import { applied } from '../src/edits';

const at = (line: number, character: number) => ({ line, character });
const insert = (line: number, character: number, newText: string) => ({
  range: { start: at(line, character), end: at(line, character) },
  newText,
});

test('two edits are applied, and the larger one is shown', () => {
  const text = 'def area(r):\n    """The area."""\n';
  const edits = [insert(0, 0, 'import math\n\n\n'), insert(2, 0, '    return math.pi * r**2\n')];
  assert.deepEqual(applied(text, edits), {
    text: 'import math\n\n\ndef area(r):\n    """The area."""\n    return math.pi * r**2\n',
    firstLine: 5,
  });
});

test('columns count UTF-16 units, and line breaks stay as they are', () => {
  const text = 'x = "🙂"; y = 1\r\nz = 2\r\n';
  const edit = { range: { start: at(0, 14), end: at(0, 15) }, newText: '3' };
  assert.equal(applied(text, [edit]).text, 'x = "🙂"; y = 3\r\nz = 2\r\n');
});

test('what is put at the end of a line begins on the next', () => {
  assert.equal(applied('def f():', [insert(0, 8, '\n    pass')]).firstLine, 1);
});

test('edits that overlap leave the text alone', () => {
  const whole = { range: { start: at(0, 0), end: at(0, 3) }, newText: 'a' };
  const part = { range: { start: at(0, 1), end: at(0, 2) }, newText: 'b' };
  assert.deepEqual(applied('xyz', [whole, part]), { text: 'xyz', firstLine: 0 });
});
