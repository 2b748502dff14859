/**
 * A link that runs a command.
 *
 * Encoded twice, for VS Code decodes twice: once as an address, once as the arguments. Encoded
 * once, an argument with a percent sign, as many addresses of files have, would arrive as another.
 */
export function commandLink(command: string, args: readonly unknown[]): string {
  return `command:${command}?${encodeURIComponent(encodeURIComponent(JSON.stringify(args)))}`;
}
