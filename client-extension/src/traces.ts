/** Stack traces from where they are, handed to the server. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import { SERVER } from './protocol';
import type { Server } from './server';
import { asText, plain } from './traceText';

export class Traces {
  constructor(private readonly server: Server) {}

  /** Fixes what a text tells about; `missing` is said when there is no text. */
  async fix(text: string, missing: string): Promise<void> {
    const trace = plain(text);
    if (trace.trim() === '') {
      void vscode.window.showInformationMessage(missing);
      return;
    }
    await this.server.execute(SERVER.fixTrace, { text: trace });
  }

  readonly fromSelection = (): Promise<void> => {
    const editor = vscode.window.activeTextEditor;
    const text = editor?.document.getText(editor.selection) ?? '';
    return this.fix(text, l10n.t('Select the stack trace in an editor first.'));
  };

  readonly fromClipboard = async (): Promise<void> => {
    const text = await vscode.env.clipboard.readText();
    await this.fix(text, l10n.t('Copy the stack trace first: the clipboard holds no text.'));
  };

  /** There is no way to a terminal's selection but the clipboard, which is put back. */
  readonly fromTerminal = async (): Promise<void> => {
    const before = await vscode.env.clipboard.readText();
    await vscode.env.clipboard.writeText('');
    let text: string;
    try {
      await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
      text = await vscode.env.clipboard.readText();
    } finally {
      await vscode.env.clipboard.writeText(before);
    }
    await this.fix(text, l10n.t('Select the stack trace in the terminal first.'));
  };

  /** The argument is what VS Code hands to entries of a failed test's menu. */
  readonly fromTestMessage = (failure: unknown): Promise<void> =>
    this.fix(asText(failure), l10n.t('Choose this in the menu of a failed test’s message.'));
}
