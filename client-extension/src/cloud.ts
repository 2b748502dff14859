/** What would be sent to Claude, shown before it is, with the user's yes or no. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import { type Button, Choices } from './choices';
import { closeTabs, type Documents } from './documents';
import { withoutImages } from './markdown';
import type { Page } from './page';
import type { CloudChoice, CloudProposal } from './protocol';

const KEY = 'cloud';

export class Cloud implements vscode.Disposable {
  private readonly choices = new Choices<CloudChoice>('no');
  private readonly listeners: vscode.Disposable;
  private payload: vscode.Uri | undefined;
  private count = 0;

  constructor(
    private readonly page: Page,
    private readonly documents: Documents,
  ) {
    const command = (name: string, choice: CloudChoice): vscode.Disposable =>
      vscode.commands.registerCommand(name, () => {
        this.choices.settle(KEY, choice);
      });
    this.listeners = vscode.Disposable.from(
      this.choices,
      command('scopewise.sendToCloudOnce', 'once'),
      command('scopewise.sendToCloudInSession', 'session'),
      command('scopewise.refuseCloud', 'no'),
      vscode.commands.registerCommand('scopewise.showPayload', () => this.showPayload()),
      this.page.onDidClose(() => {
        this.choices.settle(KEY, 'no');
      }),
    );
  }

  /** Answers `scopewise/askCloud`. A second question refuses the first. */
  readonly ask = async (
    proposal: CloudProposal,
    stop: vscode.CancellationToken,
  ): Promise<{ choice: CloudChoice }> => {
    const answer = this.choices.ask(KEY, stop);
    await this.forgetPayload();
    const payload = this.documents.add(
      'payload.json',
      String(this.count++),
      'payload',
      proposal.payload,
    );
    this.payload = payload;
    const title = l10n.t('Ask Claude: {0}', proposal.title);
    await this.page.show(title, withoutImages(proposal.markdown), '');
    this.choices.notify(KEY, `${title}. ${summary(proposal)}`, buttons());
    const choice = await answer;
    if (this.payload === payload) {
      await this.forgetPayload();
      this.page.close();
    }
    return { choice };
  };

  clear(): void {
    this.choices.clear();
  }

  dispose(): void {
    this.listeners.dispose();
    this.page.dispose();
  }

  private async showPayload(): Promise<void> {
    if (this.payload) {
      const document = await vscode.workspace.openTextDocument(this.payload);
      await vscode.window.showTextDocument(document, { preview: false });
    }
  }

  private async forgetPayload(): Promise<void> {
    const payload = this.payload;
    this.payload = undefined;
    if (payload) {
      await closeTabs(payload);
      this.documents.remove(payload);
    }
  }
}

function summary({ model, host, tokens, costLow, costHigh, nRequests }: CloudProposal): string {
  const cost = costLow === costHigh ? costHigh : `${costLow} – ${costHigh}`;
  const facts = { model, host, tokens: String(tokens), cost, n: String(nRequests) };
  return nRequests === 1
    ? l10n.t(
        'Nothing has been sent yet. {tokens} tokens would go to {model} at {host}, for {cost}.',
        facts,
      )
    : l10n.t(
        'Nothing has been sent yet. {n} requests of {tokens} tokens would go to {model} at {host}, for {cost}.',
        facts,
      );
}

function buttons(): Button<CloudChoice>[] {
  return [
    { choice: 'once', label: l10n.t('Send once'), command: 'scopewise.sendToCloudOnce' },
    {
      choice: 'session',
      label: l10n.t('Send, and do not ask again in this session'),
      command: 'scopewise.sendToCloudInSession',
    },
    { choice: 'no', label: l10n.t('Do not send'), command: 'scopewise.refuseCloud' },
  ];
}
