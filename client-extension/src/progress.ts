/** The server's progress as notifications, each with a button that cancels. */

import * as vscode from 'vscode';
import type {
  HandleWorkDoneProgressSignature,
  LanguageClient,
  ProgressToken,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient/node';
import { WorkDoneProgressCancelNotification } from 'vscode-languageclient/node';

import { asPlainText } from './markdown';

type Value = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

interface Shown {
  report(message: string): void;
  end(): void;
}

/** Takes the place of the client library's own, which shows progress in the status bar only. */
export class Progress {
  private readonly shown = new Map<ProgressToken, Shown>();

  constructor(private readonly client: () => LanguageClient | undefined) {}

  /** The middleware `handleWorkDoneProgress`. */
  readonly handle = (
    token: ProgressToken,
    value: Value,
    next: HandleWorkDoneProgressSignature,
  ): void => {
    if (value.kind === 'begin') {
      this.begin(token, value);
    } else if (value.kind === 'report') {
      this.shown.get(token)?.report(value.message ?? '');
    } else {
      this.end(token);
      next(token, value); // So that the library forgets the token.
    }
  };

  /** Takes every notification away: the server is gone. */
  clear(): void {
    [...this.shown.keys()].forEach((token) => {
      this.end(token);
    });
  }

  private begin(token: ProgressToken, value: WorkDoneProgressBegin): void {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: asPlainText(value.title),
      cancellable: value.cancellable ?? false,
    };
    void vscode.window.withProgress(options, (progress, cancel) => {
      cancel.onCancellationRequested(() => {
        void this.client()?.sendNotification(WorkDoneProgressCancelNotification.type, { token });
      });
      if (value.message) {
        progress.report({ message: value.message });
      }
      return new Promise<void>((resolve) => {
        this.shown.set(token, {
          report: (message) => {
            progress.report({ message });
          },
          end: resolve,
        });
      });
    });
  }

  private end(token: ProgressToken): void {
    this.shown.get(token)?.end();
    this.shown.delete(token);
  }
}
