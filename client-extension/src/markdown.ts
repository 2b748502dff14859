/** Markdown from the model, which is never trusted. */

import type { Label } from './protocol';

/** Says nothing and has no width; between two characters it keeps Markdown from reading them as one. */
const JOINER = '\u2060';

/**
 * A fenced block, closed or not. Only one that begins a line is surely no part of something else;
 * whatever is not surely code counts as text.
 */
const FENCED = /^(`{3,}(?=[^`\n]*$)|~{3,})[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm;

/**
 * The text with images and raw HTML as the characters they are written with.
 *
 * An image is fetched when it is shown: its address could carry code away from the machine.
 */
export function withoutImages(markdown: string): string {
  const text = markdown.replace(/\r\n?/g, '\n');
  let result = '';
  let from = 0;
  for (const code of text.matchAll(FENCED)) {
    result += harmless(text.slice(from, code.index)) + code[0];
    from = code.index + code[0].length;
  }
  return result + harmless(text.slice(from));
}

/** A title for places that render no Markdown and no links. */
export function asPlainText(text: string): string {
  return text.replace(/`/g, '').replace(/\]\(/g, '] (');
}

/** What was checked, as a list. */
export function labelDetails(label: Label): string {
  const checked = label.checked.map((check) => `- ${check}`);
  return [label.sentence, ...(checked.length > 0 ? ['', ...checked] : [])].join('\n');
}

function harmless(text: string): string {
  return text.replace(/!(?=\[)|<(?=[a-zA-Z!/?])/g, `$&${JOINER}`);
}
