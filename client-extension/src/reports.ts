/** What the server's command line says about the machine and about requests, as pages. */

import { execFile } from 'node:child_process';

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import type { Page } from './page';
import type { Server } from './server';
import { findings, table } from './table';

export class Reports {
  constructor(
    private readonly server: Server,
    private readonly page: Page,
    private readonly folder: string,
    private readonly settings: () => string[],
  ) {}

  readonly doctor = async (): Promise<void> => {
    const args = ['doctor', '--json', ...this.settings()];
    const title = l10n.t('scopewise doctor: what is missing here');
    const found = await this.ask(title, args);
    if (Array.isArray(found)) {
      await this.page.show(title, findings(found), '');
    }
  };

  readonly ledger = async (): Promise<void> => {
    const title = l10n.t('scopewise ledger: what was sent to Claude');
    const found = await this.ask(title, ['cloud', 'log', '--json']);
    const sends = found && 'sends' in found && Array.isArray(found.sends) ? found.sends : undefined;
    if (sends) {
      await this.page.show(
        title,
        sends.length > 0 ? table(sends) : l10n.t('Nothing was sent.'),
        '',
      );
    }
  };

  /** What a command prints as JSON; says so when it cannot be had. */
  private async ask(title: string, args: string[]): Promise<object | undefined> {
    await this.server.start();
    const { finding } = this.server;
    if (finding?.kind !== 'ready') {
      await vscode.commands.executeCommand('scopewise.setUpServer');
      return undefined;
    }
    const program = finding.python.path;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (_, stop) => {
      const said = await run(program, ['-P', '-m', 'scopewise', ...args], this.folder, stop);
      try {
        return JSON.parse(said.stdout) as object;
      } catch {
        if (!stop.isCancellationRequested) {
          void vscode.window.showErrorMessage(
            `${title}: ${said.stderr.trim() || l10n.t('no answer')}`,
          );
        }
        return undefined;
      }
    });
  }
}

/** What a program says; the doctor's exit code is 1 when something is missing, which is no failure. */
function run(
  program: string,
  args: string[],
  cwd: string,
  stop: vscode.CancellationToken,
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd }, (_, stdout, stderr) => {
      resolve({ stdout, stderr });
    });
    stop.onCancellationRequested(() => child.kill());
  });
}
