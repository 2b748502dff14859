/** Explanations, shown while they are written. */

import type * as vscode from 'vscode';
import { l10n } from 'vscode';

import { withoutImages } from './markdown';
import type { Page } from './page';
import type { Explanation } from './protocol';

export class Explanations implements vscode.Disposable {
  /** The explanation the page belongs to: the one begun last. */
  private current = '';
  private readonly ended = new Set<string>();

  constructor(
    readonly page: Page,
    private readonly explained: () => void,
  ) {}

  /** Takes `scopewise/explanation`. */
  readonly take = async (explanation: Explanation): Promise<void> => {
    const { id, title, isDone } = explanation;
    if (this.ended.has(id)) {
      return;
    }
    const isNew = id !== this.current;
    if (isDone) {
      this.ended.add(id);
    }
    const text = withoutImages(explanation.markdown);
    if (isNew) {
      if (isDone && !explanation.label) {
        return; // It was stopped before there was anything to read.
      }
      this.current = id;
      await this.page.show(title, text, status(explanation));
    } else if (isDone && text.trim() === '') {
      this.page.close();
    } else {
      await this.page.update(title, text, status(explanation));
    }
    if (isDone && explanation.label) {
      this.explained();
    }
  };

  dispose(): void {
    this.page.dispose();
  }
}

function status({ isDone, label }: Explanation): string {
  if (!isDone) {
    return l10n.t('Being written…');
  }
  return label ? label.sentence : l10n.t('Stopped: what is here is not all.');
}
