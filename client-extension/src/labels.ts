/** The label of a result, in words beside the code: in a preview, and after it was applied. */

import * as vscode from 'vscode';

const MAX_LENGTH = 110;

interface Shown {
  uri: string;
  text: string;
  hover: vscode.MarkdownString;
  line: number;
  /** The text of the line; when it changes, the label no longer speaks of it. */
  content: string;
}

export class Labels implements vscode.Disposable {
  private readonly type = vscode.window.createTextEditorDecorationType({
    after: {
      color: new vscode.ThemeColor('editorCodeLens.foreground'),
      fontStyle: 'italic',
      margin: '0 0 0 2em',
    },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  private shown: Shown[] = [];
  private readonly listeners: vscode.Disposable;

  constructor() {
    this.listeners = vscode.Disposable.from(
      this.type,
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.draw();
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.follow(event);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.clear(document.uri);
      }),
    );
  }

  /** Puts a label at the end of a line; one label a document, the newest. */
  show(document: vscode.TextDocument, line: number, text: string, details: string): void {
    const at = Math.min(Math.max(line, 0), document.lineCount - 1);
    const uri = document.uri.toString();
    const label = {
      uri,
      text: short(text),
      hover: new vscode.MarkdownString(details),
      line: at,
      content: document.lineAt(at).text,
    };
    this.shown = [...this.shown.filter((other) => other.uri !== uri), label];
    this.draw();
  }

  clear(uri?: vscode.Uri): void {
    this.shown = uri ? this.shown.filter((label) => label.uri !== uri.toString()) : [];
    this.draw();
  }

  /** The labels there are, for tests: nothing else tells what is decorated. */
  get all(): readonly Readonly<Shown>[] {
    return this.shown;
  }

  dispose(): void {
    this.listeners.dispose();
  }

  private follow(event: vscode.TextDocumentChangeEvent): void {
    const uri = event.document.uri.toString();
    const label = this.shown.find((one) => one.uri === uri);
    if (!label || event.contentChanges.length === 0) {
      return;
    }
    for (const change of event.contentChanges) {
      if (change.range.end.line < label.line || isBreakAbove(change, label.line)) {
        const added = change.text.split('\n').length - 1;
        label.line += added - (change.range.end.line - change.range.start.line);
      }
    }
    const isGone =
      label.line < 0 ||
      label.line >= event.document.lineCount ||
      event.document.lineAt(label.line).text !== label.content;
    if (isGone) {
      this.clear(event.document.uri);
    } else {
      this.draw();
    }
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      const labels = this.shown.filter((label) => label.uri === uri);
      editor.setDecorations(
        this.type,
        labels.map((label) => ({
          range: editor.document.lineAt(label.line).range,
          hoverMessage: label.hover,
          renderOptions: { after: { contentText: label.text } },
        })),
      );
    }
  }
}

/** Whether whole lines were put in, or taken away, right above a line. */
function isBreakAbove(change: vscode.TextDocumentContentChangeEvent, line: number): boolean {
  return change.range.end.line === line && change.range.end.character === 0;
}

function short(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}
