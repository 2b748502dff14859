/** The menu behind the status item. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import type { StatusItem } from './status';

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

export async function showMenu(status: StatusItem, isRunning: boolean): Promise<void> {
  const picked = await vscode.window.showQuickPick(entries(status.isPaused, isRunning), {
    title: 'scopewise',
    placeHolder: status.text.replace(/\$\([^)]*\) /, ''),
  });
  if (picked?.command) {
    await vscode.commands.executeCommand(picked.command);
  }
}

function entries(isPaused: boolean, isRunning: boolean): Entry[] {
  const entry = (icon: string, label: string, command: string): Entry => ({
    label: `$(${icon}) ${label}`,
    command,
  });
  const line = (label: string): Entry => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const server = isRunning
    ? [
        isPaused
          ? entry('debug-start', l10n.t('Resume'), 'scopewise.togglePause')
          : entry(
              'debug-pause',
              l10n.t('Pause: no offers, model out of memory'),
              'scopewise.togglePause',
            ),
        entry('stop-circle', l10n.t('Stop all jobs'), 'scopewise.stopJobs'),
        entry('debug-restart', l10n.t('Restart the server'), 'scopewise.restartServer'),
        line(l10n.t('Model')),
        entry('list-selection', l10n.t('Choose a model…'), 'scopewise.chooseModel'),
        entry('cloud-download', l10n.t('Download a model…'), 'scopewise.downloadModel'),
      ]
    : [entry('tools', l10n.t('Set up the server'), 'scopewise.setUpServer')];
  return [
    ...server,
    line(l10n.t('Claude')),
    entry('key', l10n.t('Set the API key…'), 'scopewise.setApiKey'),
    entry('history', l10n.t('Ledger: what was sent'), 'scopewise.showLedger'),
    line(l10n.t('Help')),
    entry('pulse', l10n.t('Doctor: what is missing on this machine'), 'scopewise.runDoctor'),
    entry('output', l10n.t('Show the log'), 'scopewise.showLog'),
    entry('gear', l10n.t('Settings'), 'scopewise.openSettings'),
    entry('book', l10n.t('Get started'), 'scopewise.getStarted'),
  ];
}
