/** A read-only page of Markdown beside the code, which may change while it is read. */

import * as vscode from 'vscode';

import { asPlainText } from './markdown';
import { html } from './pageHtml';

export interface Place {
  /** Such as `scopewise.page`; menus in package.json name it. */
  viewType: string;
  /** In the place of the code, with the focus, for what must be answered. */
  isInFront: boolean;
}

export class Page implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private title = '';
  private markdown = '';
  private status = '';
  private isReady = false;
  private isSending = false;
  private isStale = false;
  private readonly closing = new vscode.EventEmitter<void>();
  /** The user closed the page. */
  readonly onDidClose = this.closing.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly place: Place,
  ) {}

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  /** What the page says, for tests: no one else can look into a web view. */
  get content(): { title: string; markdown: string; status: string } {
    return { title: this.title, markdown: this.markdown, status: this.status };
  }

  /** Opens the page, or shows other text on it. */
  async show(title: string, markdown: string, status: string): Promise<void> {
    if (!this.panel) {
      this.openPanel(title);
    }
    await this.update(title, markdown, status);
  }

  /** Changes the text of a page that is open; one the user closed stays closed. */
  async update(title: string, markdown: string, status: string): Promise<void> {
    [this.title, this.markdown, this.status] = [asPlainText(title), markdown, status];
    if (this.panel) {
      this.panel.title = this.title;
      await this.send();
    }
  }

  close(): void {
    this.panel?.dispose();
  }

  dispose(): void {
    this.close();
    this.closing.dispose();
  }

  private openPanel(title: string): void {
    const media = vscode.Uri.joinPath(this.extensionUri, 'media');
    const panel = vscode.window.createWebviewPanel(
      this.place.viewType,
      title,
      this.place.isInFront
        ? vscode.ViewColumn.Active
        : { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, enableFindWidget: true, localResourceRoots: [media] },
    );
    this.panel = panel;
    this.isReady = false;
    panel.webview.onDidReceiveMessage(() => {
      this.isReady = true;
      void this.send();
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.closing.fire();
    });
    panel.webview.html = html(panel.webview, media);
  }

  /** Renders and sends; what changes meanwhile is sent afterwards, and nothing in between. */
  private async send(): Promise<void> {
    this.isStale = true;
    if (this.isSending || !this.isReady) {
      return;
    }
    this.isSending = true;
    try {
      while (this.isStale && this.panel) {
        this.isStale = false;
        const body = await rendered(this.markdown);
        await this.panel.webview.postMessage({ body, title: this.title, status: this.status });
      }
    } finally {
      this.isSending = false;
    }
  }
}

/** HTML by VS Code's own renderer; undefined when its extension is switched off. */
async function rendered(markdown: string): Promise<{ html: string } | { text: string }> {
  try {
    const made: unknown = await vscode.commands.executeCommand('markdown.api.render', markdown);
    return typeof made === 'string' ? { html: made } : { text: markdown };
  } catch {
    return { text: markdown };
  }
}
