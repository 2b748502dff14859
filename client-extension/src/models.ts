/** Choosing a model, and fetching one. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import { type Model, SERVER } from './protocol';
import type { Server } from './server';

interface Entry extends vscode.QuickPickItem {
  model: Model;
}

/** Makes a model the current one; one that is not there is fetched first, with progress. */
export async function chooseModel(server: Server): Promise<void> {
  const model = await pick(server, l10n.t('Which model should write the answers?'), () => true);
  if (!model) {
    return;
  }
  const configuration = vscode.workspace.getConfiguration('scopewise');
  await configuration.update('model.name', model.name, vscode.ConfigurationTarget.Global);
  if (!model.installed) {
    await server.execute(SERVER.pullModel, { name: model.name });
  }
}

export async function downloadModel(server: Server): Promise<void> {
  const title = l10n.t('Which model should be downloaded?');
  const model = await pick(server, title, (one) => !one.installed);
  if (model) {
    await server.execute(SERVER.pullModel, { name: model.name });
  }
}

async function pick(
  server: Server,
  title: string,
  isMeant: (model: Model) => boolean,
): Promise<Model | undefined> {
  const models = (await server.execute(SERVER.models, {})) as Model[] | undefined;
  const meant = (models ?? []).filter(isMeant);
  if (models && meant.length === 0) {
    void vscode.window.showInformationMessage(
      l10n.t('Every model of the catalogue is there already.'),
    );
    return undefined;
  }
  const picked = models && (await vscode.window.showQuickPick(meant.map(entry), { title }));
  return picked?.model;
}

function entry(model: Model): Entry {
  const where = model.installed ? l10n.t('on this machine') : size(model.sizeBytes);
  return {
    label: model.current ? `$(check) ${model.name}` : model.name,
    description: model.current ? `${where}, ${l10n.t('in use')}` : where,
    detail: model.description,
    model,
  };
}

function size(nBytes: number): string {
  return nBytes > 0
    ? l10n.t('{0} GB to download', (nBytes / 1e9).toFixed(1))
    : l10n.t('to download');
}
