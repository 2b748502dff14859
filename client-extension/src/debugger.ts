/** An exception that the debugger stopped at, offered to be fixed. */

import * as vscode from 'vscode';
import { l10n } from 'vscode';

import { type Frame, type Stop, traceOf } from './traceText';

/** The parts of the Debug Adapter Protocol that are read. */
interface Message {
  type?: string;
  event?: string;
  command?: string;
  body?: { reason?: string; threadId?: number };
}

interface StackFrame {
  name: string;
  line: number;
  source?: { path?: string };
}

interface ExceptionInfo {
  exceptionId: string;
  description?: string;
  details?: { stackTrace?: string; message?: string };
}

const N_FRAMES = 50;

export class ExceptionStops implements vscode.Disposable {
  /** Threads that stopped at an exception, one a session. */
  private readonly threads = new Map<vscode.DebugSession, number>();
  private readonly listeners: vscode.Disposable;

  constructor() {
    this.listeners = vscode.Disposable.from(
      vscode.debug.registerDebugAdapterTrackerFactory('*', {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage: (message: Message) => {
            this.note(session, message);
          },
          onExit: () => {
            this.set(session, undefined);
          },
        }),
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        this.set(session, undefined);
      }),
      vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  /** The stack trace of the exception; empty when the debugger did not stop at one. */
  async trace(): Promise<string> {
    const session = this.stopped();
    const threadId = session && this.threads.get(session);
    if (!session || threadId === undefined) {
      return '';
    }
    const info = await this.request<ExceptionInfo>(session, 'exceptionInfo', { threadId });
    const stack = await this.request<{ stackFrames: StackFrame[] }>(session, 'stackTrace', {
      threadId,
      startFrame: 0,
      levels: N_FRAMES,
    });
    return traceOf(toStop(session, info, stack?.stackFrames));
  }

  /** The light bulb on the line where the program stands. */
  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const frame = vscode.debug.activeStackItem;
    const session = this.stopped();
    if (!session || !(frame instanceof vscode.DebugStackFrame)) {
      return [];
    }
    const line = vscode.window.activeTextEditor?.selection.active.line;
    if (document !== vscode.window.activeTextEditor?.document || range.start.line !== line) {
      return [];
    }
    const title = l10n.t('Fix the exception the debugger stopped at');
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.command = { title, command: 'scopewise.fixFromDebugger' };
    return [action];
  }

  dispose(): void {
    this.listeners.dispose();
  }

  private stopped(): vscode.DebugSession | undefined {
    const active = vscode.debug.activeDebugSession;
    return active && this.threads.has(active) ? active : [...this.threads.keys()].at(-1);
  }

  private note(session: vscode.DebugSession, message: Message): void {
    if (message.type === 'event' && message.event === 'stopped') {
      this.set(session, message.body?.reason === 'exception' ? message.body.threadId : undefined);
    } else if (message.type === 'event' && message.event === 'continued') {
      this.set(session, undefined);
    } else if (message.type === 'response' && goesOn(message.command)) {
      this.set(session, undefined);
    }
  }

  private set(session: vscode.DebugSession, threadId: number | undefined): void {
    if (threadId === undefined) {
      this.threads.delete(session);
    } else {
      this.threads.set(session, threadId);
    }
    const isStopped = this.threads.size > 0;
    void vscode.commands.executeCommand('setContext', 'scopewise.isStoppedAtException', isStopped);
  }

  /** The body of an answer; undefined when the debugger does not know the request. */
  private async request<T>(
    session: vscode.DebugSession,
    command: string,
    args: object,
  ): Promise<T | undefined> {
    try {
      return (await session.customRequest(command, args)) as T;
    } catch {
      return undefined;
    }
  }
}

function toStop(
  session: vscode.DebugSession,
  info: ExceptionInfo = { exceptionId: 'Exception' },
  frames: readonly StackFrame[] = [],
): Stop {
  const { exceptionId, description, details } = info;
  return {
    exception: exceptionId,
    message: description ?? details?.message ?? '',
    stack: details?.stackTrace ?? '',
    isPython: ['python', 'debugpy'].includes(session.type),
    frames: frames.map(toFrame),
  };
}

function toFrame({ name, line, source }: StackFrame): Frame {
  return { name, line, path: source?.path };
}

function goesOn(command: string | undefined): boolean {
  return ['continue', 'next', 'stepIn', 'stepOut', 'disconnect', 'terminate'].includes(
    command ?? '',
  );
}
