import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asText, plain, type Stop, traceOf } from '../src/traceText';

const STOP: Stop = {
  exception: 'ValueError',
  message: 'too small',
  stack: '',
  isPython: true,
  frames: [
    { name: 'inner', line: 7, path: '/p/a.py' },
    { name: 'native', line: 0, path: undefined },
    { name: '<module>', line: 1, path: '/p/b.py' },
  ],
};

test('a Python stack is written as Python writes it', () => {
  const wanted = [
    'Traceback (most recent call last):',
    '  File "/p/b.py", line 1, in <module>',
    '  File "/p/a.py", line 7, in inner',
    'ValueError: too small',
  ];
  assert.equal(traceOf(STOP), wanted.join('\n'));
});

test('another language is quoted in its own form', () => {
  const stack = '    at f (/p/a.js:3:1)';
  const stop = { ...STOP, isPython: false, exception: 'TypeError', message: 'no', stack };
  assert.equal(traceOf(stop), `TypeError: no\n${stack}`);
  assert.equal(traceOf({ ...stop, stack: `TypeError: no\n${stack}` }), `TypeError: no\n${stack}`);
});

test('colours are taken out', () => {
  assert.equal(plain('\u001b[31mKeyError\u001b[0m: 1\r\n'), 'KeyError: 1\n');
});

test('a test’s message is found in whichever form it comes', () => {
  assert.equal(asText({ test: {}, message: { message: 'Traceback' } }), 'Traceback');
  assert.equal(asText({ message: { message: { value: 'Traceback' } } }), 'Traceback');
  assert.equal(asText('Traceback'), 'Traceback');
  assert.equal(asText(undefined), '');
  assert.equal(asText({ test: {} }), '');
});
