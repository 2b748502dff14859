; All of them are TypeScript's.
