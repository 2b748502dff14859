import assert from 'node:assert/strict';
import { test } from 'node:test';

import { labelDetails, withoutImages } from '../src/markdown';

const J = '\u2060';
const IMAGE = '![x](https://host/?code)';
const DEFUSED = `!${J}[x](https://host/?code)`;

test('images and HTML are shown as text', () => {
  assert.equal(withoutImages(`See ${IMAGE}`), `See ${DEFUSED}`);
  assert.equal(withoutImages('<img src="https://host">'), `<${J}img src="https://host">`);
  assert.equal(withoutImages('</p> <!-- --> 1 < 2'), `<${J}/p> <${J}!-- --> 1 < 2`);
});

test('blocks of code stay as they are, also one that is not closed yet', () => {
  for (const code of ['```c\nif (a <b) x = y![0];\n```\n', '~~~\n<b>\n~~~', '```py\nx = "<b>"']) {
    assert.equal(withoutImages(code), code);
  }
});

test('what follows a block is text', () => {
  for (const block of [
    '```\nx\n```\n',
    '```\nx\n  ```\n',
    '~~~~\n~~~\n~~~~\n',
    '```\r\nx\r\n```\r\n',
  ]) {
    assert.ok(withoutImages(block + IMAGE).endsWith(DEFUSED), block);
  }
});

test('what a renderer might not take for code is text', () => {
  const tricks = ['`` ` ', '\\` `', '[a](b "`") `', '- a\n  ```\n', '``` `x`\n', '> ```\n'];
  for (const trick of tricks) {
    assert.ok(withoutImages(trick + IMAGE).endsWith(DEFUSED), trick);
  }
});

test('checks are listed under the sentence', () => {
  const label = { verdict: 'verified' as const, sentence: 'verified: all', checked: ['parses'] };
  assert.equal(labelDetails(label), 'verified: all\n\n- parses');
});
