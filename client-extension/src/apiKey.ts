/** The API key: kept by the editor's secret storage, handed to the server, and shown to nobody. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

const NAME = 'scopewise.apiKey';

export class ApiKey {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly send: (key: string) => Promise<void>,
  ) {}

  /** Hands the key over to a server that has just started. */
  async hand(): Promise<void> {
    const key = await this.secrets.get(NAME);
    if (key) {
      await this.send(key);
    }
  }

  /** Asks for a key and keeps it. */
  readonly set = async (): Promise<void> => {
    const typed = await vscode.window.showInputBox({
      title: l10n.t('scopewise: API key for Claude'),
      prompt: l10n.t('It is kept in the secret storage of this editor. Nothing is sent yet.'),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() ? undefined : l10n.t('A key is not empty.')),
    });
    if (typed) {
      await this.secrets.store(NAME, typed.trim());
      await this.send(typed.trim());
      void vscode.window.showInformationMessage(l10n.t('The API key is kept.'));
    }
  };

  /** Deletes the key, here and in the server. */
  readonly forget = async (): Promise<void> => {
    await this.secrets.delete(NAME);
    await this.send('');
    void vscode.window.showInformationMessage(l10n.t('The API key is deleted.'));
  };
}
