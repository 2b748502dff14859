/** When the server cannot be started: what is wrong, in one sentence, and the button that mends it. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import { install, InstallFailed } from './environment';
import type { Channels } from './log';
import type { Finding } from './python';
import type { Server } from './server';
import { MINIMUM_PYTHON, MINIMUM_SERVER } from './version';

interface Remedy {
  problem: string;
  /** The interpreter the private environment is made with; none when there is no Python. */
  base?: string;
  button: string;
}

export class Setup {
  private isAsking = false;

  constructor(
    private readonly server: Server,
    private readonly channels: Channels,
    private readonly folder: string,
    private readonly environmentFolder: string,
  ) {}

  /** The command, and what a first start without a server leads to. */
  readonly run = async (): Promise<void> => {
    if (await this.server.start()) {
      void vscode.window.showInformationMessage(l10n.t('The scopewise server is set up and runs.'));
    } else if (this.server.life === 'missing') {
      await this.offer();
    }
  };

  /** Says what is missing and offers to mend it; not twice at once. */
  async offer(): Promise<void> {
    const { finding } = this.server;
    if (this.isAsking || !finding || finding.kind === 'ready') {
      return;
    }
    this.isAsking = true;
    const remedy = remedyFor(finding);
    const choose = l10n.t('Choose a Python…');
    const answer = await vscode.window.showWarningMessage(remedy.problem, remedy.button, choose);
    this.isAsking = false;
    if (answer === choose) {
      await choosePython();
    } else if (answer === remedy.button) {
      await (remedy.base ? this.install(remedy.base) : openPythonPage());
    }
  }

  private async install(base: string): Promise<void> {
    const title = l10n.t('Installing the scopewise server');
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `${title} ([${l10n.t('log')}](command:scopewise.showExtensionLog))`,
      cancellable: true,
    };
    const log = this.channels.extension;
    try {
      await vscode.window.withProgress(options, (progress, stop) =>
        install(
          base,
          this.environmentFolder,
          this.folder,
          (line) => {
            log.info(line);
            progress.report({ message: line.trim().slice(0, 80) });
          },
          stop,
        ),
      );
      await this.server.restart();
    } catch (error) {
      this.reportFailure(error);
    }
  }

  private reportFailure(error: unknown): void {
    if (error instanceof vscode.CancellationError) {
      return;
    }
    const why = error instanceof InstallFailed ? error.message : String(error);
    this.channels.extension.error(why);
    const show = l10n.t('Show log');
    const text = l10n.t('The scopewise server could not be installed: {0}', why);
    void vscode.window.showErrorMessage(text, show).then((answer) => {
      if (answer === show) {
        this.channels.extension.show();
      }
    });
  }
}

function remedyFor(finding: Exclude<Finding, { kind: 'ready' }>): Remedy {
  const button = l10n.t('Install it');
  switch (finding.kind) {
    case 'noServer':
      return {
        problem: l10n.t(
          'scopewise needs its server, a Python program that is not installed yet. It would go into an environment of its own, made with Python {0}.',
          finding.base.version,
        ),
        base: finding.base.path,
        button,
      };
    case 'oldServer':
      return {
        problem: l10n.t(
          'The scopewise server at {0} is version {1}, and this extension needs {2} or newer.',
          finding.found.path,
          finding.found.server,
          MINIMUM_SERVER,
        ),
        base: finding.base.path,
        button: l10n.t('Install a newer one'),
      };
    case 'noPython':
      return {
        problem: finding.found
          ? l10n.t(
              'scopewise needs Python {0} or newer, and {1} is Python {2}.',
              MINIMUM_PYTHON,
              finding.found.path,
              finding.found.version,
            )
          : l10n.t('scopewise needs Python {0} or newer, and none was found.', MINIMUM_PYTHON),
        button: l10n.t('Get Python'),
      };
  }
}

async function choosePython(): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: l10n.t('The Python that runs the scopewise server'),
    openLabel: l10n.t('Use this Python'),
  });
  const file = picked?.[0];
  if (file) {
    const configuration = vscode.workspace.getConfiguration('scopewise');
    await configuration.update('server.python', file.fsPath, vscode.ConfigurationTarget.Global);
  }
}

async function openPythonPage(): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse('https://www.python.org/downloads/'));
}
