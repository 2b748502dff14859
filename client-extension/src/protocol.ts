/** What the extension and its server say to each other besides LSP; see docs/protocol.md. */

import type { TextEdit } from 'vscode-languageclient/node';

export const SHOW_RESULT = 'scopewise/showResult';
export const EXPLANATION = 'scopewise/explanation';
export const STATUS = 'scopewise/status';
export const ASK_CLOUD = 'scopewise/askCloud';
export const API_KEY = 'scopewise/apiKey';

/** Commands of the server; the extension's own have other names. */
export const SERVER = {
  run: 'scopewise.run',
  fixTrace: 'scopewise.fixTrace',
  cancelAll: 'scopewise.cancelAll',
  pullModel: 'scopewise.pullModel',
  status: 'scopewise.status',
  pause: 'scopewise.pause',
  models: 'scopewise.models',
} as const;

/** What the server may do with this client that it does with no other. */
export const ABILITIES = { results: true, explanations: true, status: true, cloudPreview: true };

export type Verdict = 'verified' | 'consistent' | 'unverified' | 'declined';

export interface Label {
  verdict: Verdict;
  /** One sentence that says exactly what was checked. */
  sentence: string;
  checked: string[];
}

export interface Result {
  id: string;
  title: string;
  producer: string;
  uri: string;
  version: number | null;
  label: Label;
  /** Empty when declined. */
  edits: TextEdit[];
  /** The code of a declined answer, which is shown and never inserted. */
  rejected: string;
  languageId: string;
  /** Markdown. */
  note: string;
  needsConfirmation: boolean;
  canRetry: boolean;
  /** The title of the cloud action where it may be offered. */
  cloud: string | null;
}

export type ResultChoice = 'apply' | 'discard' | 'again' | 'cloud';

export interface Explanation {
  id: string;
  title: string;
  uri: string;
  /** The whole text so far. */
  markdown: string;
  isDone: boolean;
  /** None while it is written, and when it was stopped. */
  label: Label | null;
}

export type ServerState = 'unloaded' | 'loading' | 'idle' | 'generating' | 'problem' | 'paused';

export interface Status {
  state: ServerState;
  model: string;
  message: string;
  tokensPerSecond: number | null;
  /** Of the model that is loading, from 0 to 1. */
  share: number | null;
}

export interface CloudProposal {
  title: string;
  reasons: string[];
  model: string;
  host: string;
  /** Exactly what would be sent. */
  payload: string;
  /** The same as a page to read. */
  markdown: string;
  tokens: number;
  costLow: string;
  costHigh: string;
  nRequests: number;
}

export type CloudChoice = 'once' | 'session' | 'no';

export interface Model {
  name: string;
  installed: boolean;
  current: boolean;
  sizeBytes: number;
  description: string;
}
