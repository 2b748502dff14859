/** Stack traces as text. */

import { stripVTControlCharacters } from 'node:util';

/** A frame as debuggers tell it, the innermost first. */
export interface Frame {
  name: string;
  line: number;
  path: string | undefined;
}

export interface Stop {
  /** Such as `ValueError`. */
  exception: string;
  message: string;
  /** The debugger's own text of the stack, in the language's form; empty when it gives none. */
  stack: string;
  isPython: boolean;
  frames: readonly Frame[];
}

/** The text without colours, and with line breaks of one kind. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, '\n');
}

/** The trace of a program that a debugger stopped at an exception. */
export function traceOf(stop: Stop): string {
  const last = stop.message ? `${stop.exception}: ${stop.message}` : stop.exception;
  if (!stop.isPython && stop.stack.trim() !== '') {
    return stop.stack.includes(stop.exception) ? stop.stack : `${last}\n${stop.stack}`;
  }
  const frames = stop.frames.filter((frame) => frame.path !== undefined).toReversed();
  const lines = frames.map(
    ({ path, line, name }) => `  File "${path ?? ''}", line ${String(line)}, in ${name}`,
  );
  return ['Traceback (most recent call last):', ...lines, last].join('\n');
}

/** The text of a failed test's message, as the menu of the Testing view hands it over. */
export function asText(failure: unknown): string {
  const message = member(failure, 'message') ?? failure;
  const text = member(message, 'message') ?? message;
  const value = member(text, 'value') ?? text;
  return typeof value === 'string' ? value : '';
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
