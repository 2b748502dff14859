/** Read-only documents that exist in memory only. */

import * as vscode from 'vscode';

/** Their scheme, which the menus in package.json name too. */
export const SCHEME = 'scopewise-result';

export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration: vscode.Disposable;

  constructor() {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** The address of a new document; its name decides the icon, its id and part keep it apart. */
  add(name: string, id: string, part: string, text: string): vscode.Uri {
    const query = new URLSearchParams({ id, part }).toString();
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query });
    this.texts.set(uri.toString(), text);
    return uri;
  }

  remove(uri: vscode.Uri): void {
    this.texts.delete(uri.toString());
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }
}

/** Opens it, in the language of the code it came from. */
export async function openAs(uri: vscode.Uri, languageId: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  const isKnown = document.languageId === languageId || languageId === '';
  try {
    return isKnown
      ? document
      : await vscode.languages.setTextDocumentLanguage(document, languageId);
  } catch {
    return document; // A language this editor does not have.
  }
}

/** Closes the tabs that show a document, alone or compared with another. */
export async function closeTabs(uri: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const wanted = tabs.filter((tab) => shownIn(tab)?.toString() === uri.toString());
  if (wanted.length > 0) {
    await vscode.window.tabGroups.close(wanted, true);
  }
}

/** The document a tab shows; of a comparison, the new one. */
export function shownIn(tab: vscode.Tab): vscode.Uri | undefined {
  if (tab.input instanceof vscode.TabInputTextDiff) {
    return tab.input.modified;
  }
  return tab.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
}
