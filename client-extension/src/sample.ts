/** The file of the walkthrough: a copy of its own, so that it can be changed. */

import * as vscode from 'vscode';

export async function openSample(extension: vscode.Uri, storage: vscode.Uri): Promise<void> {
  const sample = vscode.Uri.joinPath(storage, 'sample', 'shapes.py');
  const original = vscode.Uri.joinPath(extension, 'media', 'walkthrough', 'shapes.py');
  await vscode.workspace.fs.copy(original, sample, { overwrite: true });
  const editor = await vscode.window.showTextDocument(sample);
  const line = editor.document
    .getText()
    .split('\n')
    .findIndex((text) => text.startsWith('def '));
  editor.selection = new vscode.Selection(line, 4, line, 4);
}
