/** Three channels: what the extension does, what the server says, and the protocol between them. */

import * as vscode from 'vscode';

import { API_KEY } from './protocol';

export interface Channels {
  extension: vscode.LogOutputChannel;
  server: vscode.LogOutputChannel;
  trace: vscode.LogOutputChannel;
  dispose(): void;
}

export function createChannels(): Channels {
  const extension = vscode.window.createOutputChannel('scopewise', { log: true });
  const server = vscode.window.createOutputChannel('scopewise server', { log: true });
  const trace = vscode.window.createOutputChannel('scopewise trace', { log: true });
  return {
    extension,
    server,
    trace: withoutKey(trace),
    dispose: () => {
      [extension, server, trace].forEach((channel) => {
        channel.dispose();
      });
    },
  };
}

/** Whether a line of the protocol's trace is about the API key, and so must not be written. */
function mentionsKey(line: string): boolean {
  return line.includes(API_KEY);
}

/** The channel, deaf to messages that hold the API key. */
export function withoutKey(channel: vscode.LogOutputChannel): vscode.LogOutputChannel {
  return new Proxy(channel, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') {
        return member;
      }
      return (...args: unknown[]): unknown =>
        args.some((arg) => typeof arg === 'string' && mentionsKey(arg))
          ? undefined
          : Reflect.apply(member, target, args);
    },
  });
}
