/** What pip is asked to install. */

/** The local model's engine and the client of the cloud, which is not used before it is allowed. */
const EXTRAS = '[local,cloud]';

/** A package, path or address with the extras the server needs, unless the user named some. */
export function requirement(wanted: string): string {
  const text = wanted.trim() || 'scopewise';
  // An address cannot take extras without a name in front of it, and `name @ address` has one.
  const isComplete = text.includes('[') || text.includes('://') || /\.(whl|gz|zip)$/.test(text);
  if (isComplete) {
    return text;
  }
  const name = /^[\w.-]+(?=\s*(?:[<>=!~]|$))/.exec(text);
  return name ? `${name[0]}${EXTRAS}${text.slice(name[0].length)}` : `${text}${EXTRAS}`;
}
