/** Edits of the protocol, applied to a text that is shown and not kept. */

import { TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';

export interface Edited {
  text: string;
  /** The first line that is new, from 0. */
  firstLine: number;
}

/** The text after the edits; edits that overlap each other leave it as it was. */
export function applied(text: string, edits: TextEdit[]): Edited {
  const document = TextDocument.create('memory:/before', '', 0, text);
  try {
    const after = TextDocument.applyEdits(document, edits);
    return { text: after, firstLine: mainLine(text, edits) };
  } catch {
    return { text, firstLine: 0 };
  }
}

/** The line where the largest of the edits begins, as it is after all of them. */
export function mainLine(text: string, edits: readonly TextEdit[]): number {
  const largest = edits.reduce<TextEdit | undefined>(
    (best, edit) => (best && best.newText.length >= edit.newText.length ? best : edit),
    undefined,
  );
  if (!largest) {
    return 0;
  }
  const above = edits.filter((edit) => edit !== largest && isBefore(edit, largest));
  const moved = above.reduce((sum, edit) => sum + nLines(edit), 0);
  return largest.range.start.line + moved + offsetOfContent(text, largest);
}

/** An insertion at the end of a line begins with the line break. */
function offsetOfContent(text: string, edit: TextEdit): number {
  const line = text.split(/\r\n|\r|\n/)[edit.range.start.line] ?? '';
  const isAtEnd = edit.range.start.character > 0 && edit.range.start.character >= line.length;
  return isAtEnd && /^\r?\n/.test(edit.newText) ? 1 : 0;
}

function isBefore(one: TextEdit, other: TextEdit): boolean {
  return one.range.start.line < other.range.start.line;
}

function nLines(edit: TextEdit): number {
  const added = edit.newText.split('\n').length - 1;
  return added - (edit.range.end.line - edit.range.start.line);
}
