/** The settings as the server reads them. */

import * as vscode from 'vscode';

const SECTION = 'scopewise';
const OWN = 'scopewise.server.';

interface Manifest {
  contributes: { configuration: { properties: Record<string, unknown> }[] };
}

/**
 * Every declared setting of the server, with dots.
 *
 * Others are not passed on: VS Code keeps the values of the repository that is open away from
 * settings it knows, and from no others.
 */
export function serverSettings(extension: vscode.Extension<unknown>): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const names = settingNames(extension.packageJSON as Manifest);
  const values = names.map((name) => [name, configuration.get(name)] as const);
  return { ...Object.fromEntries(values), 'verify.trusted': vscode.workspace.isTrusted };
}

/** Those the user changed, as arguments of the command line. */
export function settingArguments(extension: vscode.Extension<unknown>): string[] {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return settingNames(extension.packageJSON as Manifest).flatMap((name) => {
    const value = configuration.inspect(name)?.globalValue;
    const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
    return isPlain && name !== 'actions.confirm' ? ['--set', `${name}=${String(value)}`] : [];
  });
}

/** The names without `scopewise.`; the extension's own settings are not among them. */
export function settingNames(manifest: Manifest): string[] {
  return manifest.contributes.configuration
    .flatMap((group) => Object.keys(group.properties))
    .filter((name) => !name.startsWith(OWN))
    .map((name) => name.slice(SECTION.length + 1));
}
