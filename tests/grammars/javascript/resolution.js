import defaults, * as paths from "./paths.js"; // @imports
import { readFile, writeFile as store } from "node:fs/promises"; // @fs
import { default as Logger } from "./logger.js"; // @logger

const LIMIT = 10; // @limit
//    ^ -> here
let counter = 0; // @counter
var registry = new Map(); // @registry
//                 ^ -> none

export async function load(name, { retries = LIMIT, onError: fail } = {}, ...rest) { // @load
//                    ^ -> here
//                                 ^ -> here
//                                           ^ -> @limit
//                                                           ^ -> here
//                                                                           ^ -> here
  const full = paths.join(defaults.root, name); // @full
  //           ^ -> @imports
  //                 ^ -> member
  //                      ^ -> @imports
  //                                     ^ -> @load
  for (let attempt = 0; attempt < retries; attempt++) { // @attempt
  //                    ^ -> @attempt
  //                              ^ -> @load
    try {
      const text = await readFile(full, "utf8"); // @text
      //                 ^ -> @fs
      //                          ^ -> @full
      counter += 1;
    //^ -> @counter
      return parse(text, ...rest);
      //           ^ -> @text
      //                    ^ -> @load
    } catch (error) { // @error
      fail(error, attempt);
    //^ -> @load
      //   ^ -> @error
      //          ^ -> @attempt
    }
  }
  return load(text, error);
  //     ^ -> @load
  //          ^ -> none
  //                ^ -> none
}

// Hoisted: used above, defined below.
function parse(text, separator = ",", columns = text.split(separator)) { // @parse
//                                              ^ -> @parse
//                                                         ^ -> @parse
  if (cached) {
  //  ^ -> @cached
    var cached = registry.get(text); // @cached
    //  ^ -> here
    //           ^ -> @registry
    //                        ^ -> @parse
    let columns = []; // @inner-columns
    return columns.concat(cached);
    //     ^ -> @inner-columns
    //                    ^ -> @cached
  }
  return columns;
  //     ^ -> @parse
}

// Closures and shadowing.
const makeCounter = (start = 0) => { // @makeCounter
//                   ^ -> here
  let count = start; // @count
  //          ^ -> @makeCounter
  const step = amount => { // @step
  //           ^ -> here
    count += amount;
  //^ -> @count
    //       ^ -> @step
    {
      const count = "inner"; // @inner-count
      Logger.debug(count);
    //^ -> @logger
      //           ^ -> @inner-count
    }
    return () => count * amount;
    //           ^ -> @count
    //                   ^ -> @step
  };
  return { step, reset: () => (count = start), count };
  //       ^ -> @step
  //                           ^ -> @count
  //                                   ^ -> @makeCounter
  //                                           ^ -> @count
};

// The name of a function expression is seen inside of it alone.
const factorial = function fact(n) { // @fact
//                         ^ -> here
  return n <= 1 ? 1 : n * fact(n - 1);
  //                  ^ -> @fact
  //                      ^ -> @fact
  //                           ^ -> @fact
};
fact(factorial);
// <- -> none
//   ^ -> @fact

// Destructuring, deep and with defaults.
function summarise(order) { // @summarise
  const { id, customer: { name: customerName, address: [street, ...others] }, lines = [] } = order; // @taken
  //                                                                                         ^ -> @summarise
  const [first, , [second = id]] = lines; // @firsts
  //                        ^ -> @taken
  //                               ^ -> @taken
  let left = first, right = second; // @sides
  //                        ^ -> @firsts
  [left, right] = [right, left];
 //^ -> @sides
  //     ^ -> @sides
  //               ^ -> @sides
  ({ total: left, tax: { rate: right }, counter } = order);
  //        ^ -> @sides
  //                           ^ -> @sides
  //                                    ^ -> @counter
  //                                                ^ -> @summarise
  for (const [key, { price, amount = 1 }] of Object.entries(lines)) { // @entry
  //                                         ^ -> none
    left += price * amount + key.length;
  //^ -> @sides
    //      ^ -> @entry
    //              ^ -> @entry
    //                       ^ -> @entry
  }
  for (right of others) store(right);
  //   ^ -> @sides
  //            ^ -> @taken
  //                          ^ -> @sides
  for (var index in lines) { // @index
    store(lines[index], street, customerName);
  //^ -> @fs
    //          ^ -> @index
    //                  ^ -> @taken
    //                          ^ -> @taken
  }
  return { id, left: index, [right]: key };
  //       ^ -> @taken
  //                 ^ -> @index
  //                         ^ -> @sides
  //                                 ^ -> none
}

// Classes: members are no names, and what stands in brackets is evaluated outside.
class Shelf extends Base { // @shelf
//                  ^ -> none
  static size = LIMIT;
  //     ^ -> nothing
  //            ^ -> @limit
  #items = new Set();
  handler = (event) => { // @handler
    this.size = event.detail;
    //   ^ -> member
    //          ^ -> @handler
    return size;
    //     ^ -> none
  };
  constructor(items, key = Shelf.size) { // @constructor
  //                       ^ -> @shelf
    super(items);
    //    ^ -> @constructor
    this.#items.add(key);
    //   ^ -> member
    //              ^ -> @constructor
  }
  static {
    var hidden = Shelf; // @hidden
    //           ^ -> @shelf
    registry.set("shelf", hidden);
  //^ -> @registry
    //                    ^ -> @hidden
  }
  get first() {
    return hidden;
    //     ^ -> none
  }
  [counter](counter) { // @computed
 //^ -> @counter
    return counter;
    //     ^ -> @computed
  }
  async *pages(source) { // @pages
    for await (const page of source) { // @page
    //                       ^ -> @pages
      yield* page;
      //     ^ -> @page
    }
  }
}
const Anonymous = class Named { // @named
//                      ^ -> here
  clone() {
    return new Named(Anonymous);
    //         ^ -> @named
    //               ^ -> @named
  }
};
Named.x = Shelf;
// <- -> none
//        ^ -> @shelf

// Labels, switches and hoisting out of blocks.
function search(matrix, wanted) { // @search
  outer: for (const row of matrix) { // @outer
//^ -> here
    for (const cell of row) { // @cell
      if (cell === wanted) break outer;
      //  ^ -> @cell
      //                         ^ -> @outer
      if (!cell) continue outer;
      //                  ^ -> @outer
    }
  }
  switch (wanted) {
    case 1: {
      let wanted = null; // @wanted
      return wanted;
      //     ^ -> @wanted
    }
    case 2:
      let found = outer; // @found
      //          ^ -> none
      break;
    default:
      return found;
      //     ^ -> @found
  }
  return helper(wanted, found);
  //            ^ -> @search
  //                    ^ -> none

  function helper(...args) { // @helper
  //       ^ -> here
    return arguments.length + args.length;
    //     ^ -> none
    //                        ^ -> @helper
  }
}

const message = `${counter} of ${LIMIT - ((offset) => offset)(1)}`; // @message
//                 ^ -> @counter
//                               ^ -> @limit
//                                                    ^ -> @message
export { message as text, search };
//       ^ -> @message
//                  ^ -> member
//                        ^ -> @search
export { readFile as read } from "node:fs/promises";
//       ^ -> member
export default makeCounter;
//             ^ -> @makeCounter
