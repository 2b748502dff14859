/** Hovers: the server's text, which is never trusted, and links of our own where the user trusts. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import { commandLink } from './links';
import { withoutImages } from './markdown';

const COMMAND = 'scopewise.explainHere';

/** The middleware `provideHover`. */
export const provideHover: NonNullable<Middleware['provideHover']> = async (
  document,
  position,
  token,
  next,
) => {
  const hover = await next(document, position, token);
  if (!hover) {
    return hover;
  }
  const contents = hover.contents.map(harmless);
  const links = vscode.workspace.isTrusted ? [linksFor(document, position)] : [];
  return new vscode.Hover([...contents, ...links], hover.range);
};

function harmless(content: vscode.MarkdownString | vscode.MarkedString): vscode.MarkdownString {
  const text =
    typeof content === 'string' || content instanceof vscode.MarkdownString
      ? markdownOf(content)
      : `\`\`\`${content.language}\n${content.value}\n\`\`\``;
  const result = new vscode.MarkdownString(withoutImages(text));
  result.isTrusted = false;
  return result;
}

function markdownOf(content: vscode.MarkdownString | string): string {
  return typeof content === 'string' ? content : content.value;
}

/** A part of its own: what the model wrote must not be able to run a command. */
function linksFor(document: vscode.TextDocument, position: vscode.Position): vscode.MarkdownString {
  const where = [document.uri.toString(), position.line, position.character];
  const result = new vscode.MarkdownString(
    `[${l10n.t('Explain with scopewise')}](${commandLink(COMMAND, where)})`,
  );
  result.isTrusted = { enabledCommands: [COMMAND] };
  return result;
}
