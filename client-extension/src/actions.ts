/** Actions asked for by name, from the palette, a key or a link, and not from the light bulb. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import { SERVER } from './protocol';
import type { Server } from './server';

export class Actions {
  constructor(private readonly server: Server) {}

  /** Explains what is selected, or the definition at a place a hover's link names. */
  readonly explain = async (uri?: unknown, line?: unknown, character?: unknown): Promise<void> => {
    if (typeof uri === 'string' && typeof line === 'number' && typeof character === 'number') {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
      const position = new vscode.Position(line, character);
      await this.run('explain', document, new vscode.Range(position, position));
    } else {
      await this.runHere('explain');
    }
  };

  readonly fill = (): Promise<void> => this.runHere('fill_body');

  private async runHere(producer: string): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      void vscode.window.showInformationMessage(l10n.t('Open a file with code first.'));
      return;
    }
    await this.run(producer, editor.document, editor.selection);
  }

  private async run(
    producer: string,
    document: vscode.TextDocument,
    range: vscode.Range,
  ): Promise<void> {
    await this.server.execute(SERVER.run, {
      producer,
      uri: document.uri.toString(),
      version: document.version,
      range: { start: plain(range.start), end: plain(range.end) },
    });
  }
}

function plain({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}
