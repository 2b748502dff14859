/** Stands in for the editor, which unit tests do not have; what they need of it is here. */
export const l10n = { t: (text: string): string => text };
export const window = {};
