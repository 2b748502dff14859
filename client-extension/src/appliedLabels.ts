/** The label of an edit that the server applied, taken from the edit's annotation. */

import * as vscode from 'vscode';
import type {
  ApplyWorkspaceEditResult,
  ChangeAnnotation,
  TextEdit,
  WorkspaceMiddleware,
} from 'vscode-languageclient/node';
import { CancellationToken, TextDocumentEdit } from 'vscode-languageclient/node';

import { mainLine } from './edits';
import type { Labels } from './labels';

type Handle = NonNullable<WorkspaceMiddleware['handleApplyEdit']>;

export class AppliedLabels {
  constructor(private readonly labels: Labels) {}

  /** The middleware `handleApplyEdit`. */
  readonly handle: Handle = async (params, next) => {
    const [change] = (params.edit.documentChanges ?? []).filter((one) => TextDocumentEdit.is(one));
    const annotation = Object.values(params.edit.changeAnnotations ?? {})[0];
    const document =
      change && annotation && (await vscode.workspace.openTextDocument(uriOf(change)));
    const before = document?.getText() ?? '';
    const result = (await next(params, CancellationToken.None)) as ApplyWorkspaceEditResult;
    if (result.applied && document) {
      await this.show(document, before, plainEdits(change), annotation);
    }
    return result;
  };

  private async show(
    document: vscode.TextDocument,
    before: string,
    edits: TextEdit[],
    annotation: ChangeAnnotation,
  ): Promise<void> {
    const line = mainLine(before, edits);
    const sentence = annotation.description ?? annotation.label;
    await reveal(document, line);
    this.labels.show(
      document,
      line,
      `scopewise — ${sentence}`,
      `${annotation.label}\n\n${sentence}`,
    );
  }
}

/** Brings the change into view, without the cursor leaving the place where the user works. */
async function reveal(document: vscode.TextDocument, line: number): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const editor = shown ?? (await vscode.window.showTextDocument(document, { preview: false }));
  const range = document.lineAt(Math.min(line, document.lineCount - 1)).range;
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function uriOf(change: TextDocumentEdit): vscode.Uri {
  return vscode.Uri.parse(change.textDocument.uri);
}

function plainEdits(change: TextDocumentEdit): TextEdit[] {
  return change.edits.filter((edit): edit is TextEdit => 'newText' in edit);
}
