; All of them are ECMAScript's.
