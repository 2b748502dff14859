/** Wires the parts together; what they do is theirs. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { Actions } from './actions';
import { ApiKey } from './apiKey';
import { AppliedLabels } from './appliedLabels';
import { Cloud } from './cloud';
import { registerCommands } from './commands';
import { ExceptionStops } from './debugger';
import { Documents } from './documents';
import { Explanations } from './explanations';
import { provideHover } from './hovers';
import { Labels } from './labels';
import { createChannels } from './log';
import { Page } from './page';
import { Progress } from './progress';
import { API_KEY, ASK_CLOUD, EXPLANATION, SHOW_RESULT, STATUS } from './protocol';
import { Reports } from './reports';
import { Results } from './results';
import { Server } from './server';
import { serverSettings, settingArguments } from './settings';
import { Setup } from './setup';
import { StatusItem } from './status';
import { Traces } from './traces';

/** What the tests look at. */
export interface Api {
  server: Server;
  status: StatusItem;
  labels: Labels;
  explanations: Explanations;
  cloudPage: Page;
}

let running: Server | undefined;

export function activate(context: vscode.ExtensionContext): Api {
  const { extension, extensionUri, globalStorageUri } = context;
  const folder = vscode.Uri.joinPath(globalStorageUri, 'run').fsPath;
  const environmentFolder = vscode.Uri.joinPath(globalStorageUri, 'venv').fsPath;
  const channels = createChannels();
  const status = new StatusItem();
  const documents = new Documents();
  const labels = new Labels();
  const pageOf = (viewType: string, isInFront = false): Page =>
    new Page(extensionUri, { viewType, isInFront });
  const explanations = new Explanations(pageOf('scopewise.explanation'), () => {
    void vscode.commands.executeCommand('setContext', 'scopewise.hasExplained', true);
  });
  const details = pageOf('scopewise.page');
  const results = new Results(documents, labels, details);
  const cloudPage = pageOf('scopewise.cloudPreview', true);
  const cloud = new Cloud(cloudPage, documents);
  const progress: Progress = new Progress(() => server.client);
  const applied = new AppliedLabels(labels);
  const settings = (): Record<string, unknown> => serverSettings(extension);

  const server: Server = new Server({
    channels,
    folder,
    environmentFolder,
    settings,
    middleware: {
      handleWorkDoneProgress: progress.handle,
      provideHover,
      workspace: { handleApplyEdit: applied.handle },
    },
    prepare: (client) => {
      listen(client);
    },
  });
  running = server;
  const apiKey = new ApiKey(context.secrets, async (key) => {
    await server.client?.sendNotification(API_KEY, { key });
  });
  const listen = (client: LanguageClient): void => {
    client.onRequest(SHOW_RESULT, results.show);
    client.onRequest(ASK_CLOUD, cloud.ask);
    client.onNotification(EXPLANATION, explanations.take);
    client.onNotification(STATUS, status.take);
  };
  const setup = new Setup(server, channels, folder, environmentFolder);
  const stops = new ExceptionStops();

  registerCommands(context, {
    server,
    setup,
    status,
    channels,
    apiKey,
    stops,
    actions: new Actions(server),
    traces: new Traces(server),
    reports: new Reports(server, details, folder, () => settingArguments(extension)),
  });
  context.subscriptions.push(
    channels,
    status,
    documents,
    labels,
    explanations,
    details,
    results,
    cloud,
    stops,
    server,
    server.onDidChange(status.follow),
    server.onDidChange((life) => {
      void vscode.commands.executeCommand('setContext', 'scopewise.isRunning', life === 'running');
      if (life === 'running') {
        void apiKey.hand();
      } else {
        progress.clear();
        results.clear();
        cloud.clear();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.sendSettings()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('scopewise.server')) {
        void begin(server, setup, true);
      }
    }),
  );
  void vscode.workspace.fs
    .createDirectory(vscode.Uri.file(folder))
    .then(() => begin(server, setup));
  return { server, status, labels, explanations, cloudPage };
}

export function deactivate(): Promise<void> | undefined {
  return running?.stop();
}

async function begin(server: Server, setup: Setup, again = false): Promise<void> {
  const isRunning = await (again ? server.restart() : server.start());
  if (!isRunning && server.life === 'missing') {
    await setup.offer();
  }
}
