/** The status item: the server and its model in a word, and in a sentence when one looks closer. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import type { Status } from './protocol';
import type { Life } from './server';

export class StatusItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private life: Life = 'stopped';
  private status: Status | undefined;

  constructor() {
    this.item = vscode.window.createStatusBarItem('scopewise', vscode.StatusBarAlignment.Right, 90);
    this.item.name = 'scopewise';
    this.item.command = 'scopewise.showMenu';
    this.draw();
    this.item.show();
  }

  get isPaused(): boolean {
    return this.status?.state === 'paused';
  }

  get text(): string {
    return this.item.text;
  }

  /** The server started or ended. */
  readonly follow = (life: Life): void => {
    this.life = life;
    if (life !== 'running') {
      this.status = undefined;
    }
    this.draw();
  };

  /** Takes `scopewise/status`. */
  readonly take = (status: Status): void => {
    this.status = status;
    const hasModel = status.state !== 'problem' && status.model !== '';
    void vscode.commands.executeCommand('setContext', 'scopewise.hasModel', hasModel);
    this.draw();
  };

  dispose(): void {
    this.item.dispose();
  }

  private draw(): void {
    const { icon, word, sentence, isProblem } =
      this.life === 'running' ? ofModel(this.status) : ofServer(this.life);
    this.item.text = `$(${icon}) scopewise: ${word}`;
    this.item.tooltip = sentence;
    this.item.backgroundColor = isProblem
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.item.accessibilityInformation = {
      label: `scopewise: ${word}. ${sentence}`,
      role: 'button',
    };
  }
}

interface Look {
  icon: string;
  word: string;
  sentence: string;
  isProblem: boolean;
}

function ofServer(life: Life): Look {
  const look = (icon: string, word: string, sentence: string, isProblem = false): Look => ({
    icon,
    word,
    sentence,
    isProblem,
  });
  switch (life) {
    case 'missing':
      return look('warning', l10n.t('not set up'), l10n.t('The server is not installed.'), true);
    case 'crashed':
      return look('warning', l10n.t('ended'), l10n.t('The server ended unexpectedly.'), true);
    case 'stopped':
      return look('circle-slash', l10n.t('stopped'), l10n.t('The server does not run.'));
    default:
      return look('sync~spin', l10n.t('starting'), l10n.t('The server is being started.'));
  }
}

function ofModel(status: Status | undefined): Look {
  if (!status) {
    return {
      icon: 'check',
      word: l10n.t('ready'),
      sentence: l10n.t('The server runs.'),
      isProblem: false,
    };
  }
  const sentence = [status.model, status.message].filter(Boolean).join(' — ');
  return { ...wordFor(status), sentence, isProblem: status.state === 'problem' };
}

function wordFor({ state, share, tokensPerSecond }: Status): { icon: string; word: string } {
  switch (state) {
    case 'unloaded':
      return { icon: 'circle-outline', word: l10n.t('asleep') };
    case 'loading': {
      const percent = share === null ? '' : ` ${String(Math.round(share * 100))} %`;
      return { icon: 'loading~spin', word: l10n.t('loading') + percent };
    }
    case 'idle':
      return { icon: 'check', word: l10n.t('idle') };
    case 'generating': {
      const speed =
        tokensPerSecond === null ? '' : ` ${l10n.t('{0} tokens/s', Math.round(tokensPerSecond))}`;
      return { icon: 'loading~spin', word: l10n.t('writing') + speed };
    }
    case 'paused':
      return { icon: 'debug-pause', word: l10n.t('paused') };
    case 'problem':
      return { icon: 'warning', word: l10n.t('problem') };
  }
}
