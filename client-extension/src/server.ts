/** The server's life: found, started, watched, started again. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ExecuteCommandRequest,
  type LanguageClient,
  type Middleware,
  State,
} from 'vscode-languageclient/node';

import { Backoff } from './backoff';
import { createClient, sendSettings } from './client';
import { candidates } from './interpreters';
import type { Channels } from './log';
import { choose, type Finding, probe } from './python';

export type Life = 'stopped' | 'looking' | 'missing' | 'starting' | 'running' | 'crashed';

export interface Surroundings {
  channels: Channels;
  /** A folder with nothing of the project in it. */
  folder: string;
  environmentFolder: string;
  settings: () => Record<string, unknown>;
  middleware: Middleware;
  /** Registers what is special about this server, each time before it starts. */
  prepare: (client: LanguageClient) => void;
}

export class Server implements vscode.Disposable {
  life: Life = 'stopped';
  /** What was found when looking for it the last time. */
  finding: Finding | undefined;
  client: LanguageClient | undefined;
  private readonly backoff = new Backoff();
  private readonly changing = new vscode.EventEmitter<Life>();
  readonly onDidChange = this.changing.event;
  /** Ends the wait before the next start. */
  private wake: () => void = () => undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly surroundings: Surroundings) {}

  /** Looks for the server and starts it; whether it runs. */
  start(): Promise<boolean> {
    return this.inTurn(() => this.doStart());
  }

  /** Stops it and starts it again, perhaps another one. */
  restart(): Promise<boolean> {
    this.backoff.reset();
    return this.inTurn(async () => {
      await this.doStop();
      return this.doStart();
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.doStop());
  }

  /** What a command of the server answers; undefined when there is no server to ask. */
  async execute(command: string, argument: object): Promise<unknown> {
    if (this.life !== 'running' && !(await this.start())) {
      await vscode.commands.executeCommand('scopewise.setUpServer');
      return undefined;
    }
    const params = { command, arguments: [argument] };
    return this.client?.sendRequest(ExecuteCommandRequest.type, params);
  }

  async sendSettings(): Promise<void> {
    if (this.client?.state === State.Running) {
      await sendSettings(this.client, this.surroundings.settings);
    }
  }

  dispose(): void {
    this.wake();
    this.changing.dispose();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.wake();
    const turn = this.queue.then(work, work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async doStart(): Promise<boolean> {
    if (this.life === 'running') {
      return true;
    }
    const { surroundings } = this;
    this.become('looking');
    this.finding = await this.look();
    if (this.finding.kind !== 'ready') {
      this.become('missing');
      return false;
    }
    this.become('starting');
    const client = createClient({
      ...surroundings,
      python: this.finding.python.path,
      closed: () => this.closed(client),
    });
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client && newState === State.Running) {
        this.become('running');
      }
    });
    surroundings.prepare(client);
    try {
      await client.start();
      return true;
    } catch (error) {
      surroundings.channels.extension.error(`The server did not start: ${String(error)}`);
      return false;
    }
  }

  private async doStop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.become('stopped');
    try {
      await client?.dispose();
    } catch (error) {
      this.surroundings.channels.extension.warn(
        `The server did not stop by itself: ${String(error)}`,
      );
    }
  }

  private async look(): Promise<Finding> {
    const { folder, environmentFolder, channels } = this.surroundings;
    const found = [];
    for (const candidate of await candidates(environmentFolder)) {
      const python = await probe(candidate, folder);
      channels.extension.info(
        `${candidate.path} (${candidate.origin}): ` +
          (python ? `Python ${python.version}, scopewise ${python.server || 'none'}` : 'no Python'),
      );
      if (python) {
        found.push(python);
        if (choose(found).kind === 'ready') {
          break;
        }
      }
    }
    return choose(found);
  }

  /** The process ended by itself: wait, then let the client start it again. */
  private async closed(client: LanguageClient): Promise<CloseHandlerResult> {
    const over = { action: CloseAction.DoNotRestart, handled: true };
    if (this.client !== client) {
      return over;
    }
    this.become('crashed');
    const delay = this.backoff.next(Date.now());
    if (delay === undefined) {
      this.client = undefined;
      void this.reportGivingUp();
      return over;
    }
    if (this.backoff.isFirst) {
      void this.reportCrash();
    }
    this.surroundings.channels.extension.warn(
      `The server ended; next start in ${String(delay)} ms.`,
    );
    await this.sleep(delay);
    return this.client === client ? { action: CloseAction.Restart, handled: true } : over;
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async reportCrash(): Promise<void> {
    const log = l10n.t('Show log');
    const text = l10n.t('The scopewise server ended unexpectedly and is being started again.');
    if ((await vscode.window.showWarningMessage(text, log)) === log) {
      this.surroundings.channels.server.show();
    }
  }

  private async reportGivingUp(): Promise<void> {
    const [again, log] = [l10n.t('Start it again'), l10n.t('Show log')];
    const text = l10n.t('The scopewise server keeps ending, so it is not started any more.');
    const answer = await vscode.window.showErrorMessage(text, again, log);
    if (answer === again) {
      await this.restart();
    } else if (answer === log) {
      this.surroundings.channels.server.show();
    }
  }

  private become(life: Life): void {
    this.life = life;
    this.changing.fire(life);
  }
}
