/** Every command of the extension; the server's have other names. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import type { Actions } from './actions';
import type { ApiKey } from './apiKey';
import type { ExceptionStops } from './debugger';
import type { Channels } from './log';
import { showMenu } from './menu';
import { chooseModel, downloadModel } from './models';
import { SERVER } from './protocol';
import type { Reports } from './reports';
import { openSample } from './sample';
import type { Server } from './server';
import type { Setup } from './setup';
import type { StatusItem } from './status';
import type { Traces } from './traces';

export interface Parts {
  server: Server;
  setup: Setup;
  status: StatusItem;
  channels: Channels;
  apiKey: ApiKey;
  stops: ExceptionStops;
  actions: Actions;
  traces: Traces;
  reports: Reports;
}

type Command = (...args: unknown[]) => unknown;

export function registerCommands(context: vscode.ExtensionContext, parts: Parts): void {
  const { server, setup, status, channels, apiKey, stops, actions, traces, reports } = parts;
  const workbench = vscode.commands.executeCommand;
  const commands: Record<string, Command> = {
    showMenu: () => showMenu(status, server.life === 'running'),
    setUpServer: setup.run,
    restartServer: () => server.restart(),
    stopJobs: () => server.execute(SERVER.cancelAll, {}),
    togglePause: () => server.execute(SERVER.pause, { paused: !status.isPaused }),
    chooseModel: () => chooseModel(server),
    downloadModel: () => downloadModel(server),
    runDoctor: reports.doctor,
    showLedger: reports.ledger,
    showLog: () => {
      channels.server.show();
    },
    showExtensionLog: () => {
      channels.extension.show();
    },
    setApiKey: apiKey.set,
    forgetApiKey: apiKey.forget,
    explainHere: actions.explain,
    fillHere: actions.fill,
    fixFromSelection: traces.fromSelection,
    fixFromClipboard: traces.fromClipboard,
    fixFromTerminal: traces.fromTerminal,
    fixFromTestMessage: traces.fromTestMessage,
    fixFromDebugger: async () => {
      await traces.fix(await stops.trace(), l10n.t('The debugger is not stopped at an exception.'));
    },
    openSample: () => openSample(context.extensionUri, context.globalStorageUri),
    openSettings: () => workbench('workbench.action.openSettings', `@ext:${context.extension.id}`),
    getStarted: () =>
      workbench('workbench.action.openWalkthrough', `${context.extension.id}#getStarted`),
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`scopewise.${name}`, run));
  }
}
