/** Questions that stay open beside what they are about, until a button, a command or a closed tab. */

import * as vscode from 'vscode';

import { commandLink } from './links';
import { asPlainText } from './markdown';

/** VS Code shows three notifications in this time, and puts a fourth where nobody sees it. */
const QUIET_MS = 800;

export interface Button<T> {
  choice: T;
  label: string;
  command: string;
}

interface Question<T> {
  settle(choice: T): void;
  ended: Promise<T>;
}

export class Choices<T> implements vscode.Disposable {
  private readonly questions = new Map<string, Question<T>>();

  /** `none` is what it means when a question is closed without an answer. */
  constructor(private readonly none: T) {}

  /** The user's answer to the question of that key; a cancelled request counts as none. */
  ask(key: string, stop: vscode.CancellationToken): Promise<T> {
    this.settle(key, this.none);
    let settle: (choice: T) => void = () => undefined;
    const ended = new Promise<T>((resolve) => {
      settle = resolve;
    });
    const stopping = stop.onCancellationRequested(() => {
      this.settle(key, this.none);
    });
    this.questions.set(key, { settle, ended });
    return ended.finally(() => {
      stopping.dispose();
    });
  }

  isOpen(key: string): boolean {
    return this.questions.has(key);
  }

  /** Answers a question; one that is answered already stays as it is. */
  settle(key: string, choice: T): void {
    const question = this.questions.get(key);
    this.questions.delete(key);
    question?.settle(choice);
  }

  /** Closes every question: whoever asked is gone. */
  clear(): void {
    [...this.questions.keys()].forEach((key) => {
      this.settle(key, this.none);
    });
  }

  dispose(): void {
    this.clear();
  }

  /**
   * Shows the question as a notification that stays until it is answered, by whichever way; its
   * own button means none.
   *
   * A message with buttons would hide after some seconds, and could not be taken away when the
   * answer is given elsewhere; a progress notification can, and its text may hold links.
   */
  notify(key: string, text: string, buttons: readonly Button<T>[]): void {
    const question = this.questions.get(key);
    if (question) {
      setTimeout(() => {
        if (this.questions.get(key) === question) {
          this.showNotification(key, question, text, buttons);
        }
      }, QUIET_MS);
    }
  }

  private showNotification(
    key: string,
    question: Question<T>,
    text: string,
    buttons: readonly Button<T>[],
  ): void {
    const links = buttons.map(({ label, command }) => `[${label}](${commandLink(command, [key])})`);
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `${asPlainText(text)}\u2003${links.join('\u2003')}`,
      cancellable: true,
    };
    void vscode.window.withProgress(options, (progress, cancelled) => {
      cancelled.onCancellationRequested(() => {
        this.settle(key, this.none);
      });
      progress.report({ increment: 100 }); // Nothing is going on: the bar stands still.
      return question.ended;
    });
  }
}
