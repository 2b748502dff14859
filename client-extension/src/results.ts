/** A result before it is applied: the change as a comparison, with its label and what can be done. */

import * as path from 'node:path';

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import { type Button, Choices } from './choices';
import { closeTabs, type Documents, openAs, SCHEME, shownIn } from './documents';
import { applied } from './edits';
import type { Labels } from './labels';
import { asPlainText, labelDetails, withoutImages } from './markdown';
import type { Page } from './page';
import type { Result, ResultChoice } from './protocol';

/** What a question is about, on the screen. */
interface Preview {
  /** The document of the answer: the key of the question. */
  uri: vscode.Uri;
  show(): Promise<void>;
  forget(): void;
}

export class Results implements vscode.Disposable {
  private readonly choices = new Choices<ResultChoice>('discard');
  private readonly open = new Map<string, Result>();
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly labels: Labels,
    private readonly details: Page,
  ) {
    const command = (name: string, choice: ResultChoice): vscode.Disposable =>
      vscode.commands.registerCommand(name, (where?: unknown) => {
        this.choices.settle(keyOf(where), choice);
      });
    this.listeners = vscode.Disposable.from(
      this.choices,
      command('scopewise.applyResult', 'apply'),
      command('scopewise.discardResult', 'discard'),
      command('scopewise.retryResult', 'again'),
      command('scopewise.askCloudForResult', 'cloud'),
      vscode.commands.registerCommand('scopewise.showResultDetails', (where?: unknown) =>
        this.showDetails(keyOf(where)),
      ),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        closed.map(shownIn).forEach((uri) => {
          this.choices.settle(uri?.toString() ?? '', 'discard');
        });
      }),
    );
  }

  /** Answers `scopewise/showResult`. */
  readonly show = async (
    result: Result,
    stop: vscode.CancellationToken,
  ): Promise<{ choice: ResultChoice }> => {
    const preview = await this.prepare(result);
    const key = preview.uri.toString();
    const answer = this.choices.ask(key, stop);
    this.open.set(key, result);
    this.announce();
    try {
      await preview.show();
      this.choices.notify(key, `${result.title}: ${result.label.sentence}`, buttons(result));
      return { choice: await answer };
    } finally {
      this.choices.settle(key, 'discard');
      this.open.delete(key);
      this.announce();
      await closeTabs(preview.uri);
      preview.forget();
    }
  };

  /** Takes every preview away: the server is gone. */
  clear(): void {
    this.choices.clear();
  }

  dispose(): void {
    this.listeners.dispose();
  }

  private prepare(result: Result): Promise<Preview> | Preview {
    return result.edits.length > 0 ? this.comparison(result) : this.declined(result);
  }

  /** The change beside the text as it is now. */
  private async comparison(result: Result): Promise<Preview> {
    const { documents, labels } = this;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(result.uri));
    const text = document.getText();
    const { text: after, firstLine } = applied(text, result.edits);
    const name = path.basename(document.uri.path);
    const left = documents.add(name, result.id, 'before', text);
    const right = documents.add(name, result.id, 'after', after);
    return {
      uri: right,
      show: async () => {
        await openAs(left, document.languageId);
        const shown = await openAs(right, document.languageId);
        const title = `${name}: ${asPlainText(result.title)} (${verdictWord(result)})`;
        const selection = new vscode.Range(firstLine, 0, firstLine, 0);
        const options = { selection, preview: false };
        await vscode.commands.executeCommand('vscode.diff', left, right, title, options);
        labels.show(shown, firstLine, result.label.sentence, details(result));
      },
      forget: () => {
        documents.remove(left);
        documents.remove(right);
      },
    };
  }

  /** The code of an answer that was declined, to read only. */
  private declined(result: Result): Preview {
    const { documents, labels } = this;
    const name = path.basename(vscode.Uri.parse(result.uri).path);
    const uri = documents.add(name, result.id, 'declined', result.rejected);
    return {
      uri,
      show: async () => {
        if (result.rejected !== '') {
          const document = await openAs(uri, result.languageId);
          await vscode.window.showTextDocument(document, { preview: false });
          labels.show(document, 0, result.label.sentence, details(result));
        }
      },
      forget: () => {
        documents.remove(uri);
      },
    };
  }

  private async showDetails(key: string): Promise<void> {
    const result = this.open.get(key);
    if (result) {
      await this.details.show(result.title, withoutImages(details(result)), '');
    }
  }

  /** Tells the menus which previews may be applied, tried again and handed to the cloud. */
  private announce(): void {
    const where = (can: (result: Result) => boolean): string[] =>
      [...this.open].filter(([, result]) => can(result)).map(([key]) => key);
    const set = (name: string, value: string[]): Thenable<unknown> =>
      vscode.commands.executeCommand('setContext', `scopewise.${name}`, value);
    void set(
      'openResults',
      where(() => true),
    );
    void set(
      'applicableResults',
      where((result) => result.edits.length > 0),
    );
    void set(
      'retryableResults',
      where((result) => result.canRetry),
    );
    void set(
      'cloudResults',
      where((result) => result.cloud !== null),
    );
  }
}

function buttons(result: Result): Button<ResultChoice>[] {
  const all: [boolean, Button<ResultChoice>][] = [
    [
      result.edits.length > 0,
      { choice: 'apply', label: l10n.t('Apply'), command: 'scopewise.applyResult' },
    ],
    [true, { choice: 'discard', label: l10n.t('Discard'), command: 'scopewise.discardResult' }],
    [
      result.canRetry,
      { choice: 'again', label: l10n.t('Try again'), command: 'scopewise.retryResult' },
    ],
    [
      result.cloud !== null,
      { choice: 'cloud', label: l10n.t('Ask Claude'), command: 'scopewise.askCloudForResult' },
    ],
  ];
  return all.filter(([isOffered]) => isOffered).map(([, button]) => button);
}

function details(result: Result): string {
  const note = result.note ? `\n\n${withoutImages(result.note)}` : '';
  return labelDetails(result.label) + note;
}

function verdictWord(result: Result): string {
  switch (result.label.verdict) {
    case 'verified':
      return l10n.t('verified');
    case 'consistent':
      return l10n.t('consistent');
    case 'unverified':
      return l10n.t('unverified');
    case 'declined':
      return l10n.t('declined');
  }
}

/** A preview's key: handed over by a link, by the editor's title, or that of the active editor. */
function keyOf(where: unknown): string {
  if (typeof where === 'string') {
    return where;
  }
  if (where instanceof vscode.Uri && where.scheme === SCHEME) {
    return where.toString();
  }
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  return (tab ? shownIn(tab) : undefined)?.toString() ?? '';
}
