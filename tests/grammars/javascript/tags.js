import Logger, { readFile as read } from "./files.js";
//     ^ tag.reference.import
//               ^ tag.reference.import
//                           ^ !tag.reference
import * as paths from "./paths.js";
//          ^ !tag.reference
const { join, resolve: absolute } = require("path");
//      ^ tag.reference.import
//            ^ tag.reference.import
//                     ^ !tag.definition
//                                  ^ !tag.reference

export const LIMIT = 10, START = other;
//           ^ tag.definition.constant
//           ^ name
//                       ^ tag.definition.constant
//                               ^ tag.reference.name
let counter = 0;
//  ^ tag.definition.variable
export const { first, second: last } = pair;
//             ^ tag.definition.variable
//                            ^ tag.definition.variable
const { hidden } = pair;
//      ^ !tag.definition

export async function load(path) {
//                    ^ tag.definition.function
//                         ^ !tag.definition
  const text = await read(path);
  //    ^ !tag.definition
  //                 ^ tag.reference.call
  //                      ^ tag.reference.name
  function local() {}
  //       ^ !tag.definition
  paths.join(paths.root);
//^ tag.reference.name
  //    ^ tag.reference.call
  //               ^ tag.reference.name
  return text;
  //     ^ tag.reference.name
}
function* walk() {}
//        ^ tag.definition.function
export const parse = (text) => new Parser(text);
//           ^ tag.definition.function
//                                 ^ tag.reference.call
var legacy = function () {};
//  ^ tag.definition.function
export const Box = class extends Base {};
//           ^ tag.definition.class
//                               ^ tag.reference.type

export default class Shelf extends models.Model {
//                   ^ tag.definition.class
//                                        ^ tag.reference.type
  static size = 1;
  //     ^ tag.definition.variable
  handler = () => this.add();
//^ tag.definition.method
  //                   ^ tag.reference.call
  #secret = 1;
//^ !tag.definition
  constructor() {}
//^ !tag.definition
  @bound
 //^ tag.reference.call
  add(item) {
//^ tag.definition.method
    return { item, key: item };
    //       ^ tag.reference.name
    //                  ^ tag.reference.name
  }
  get first() {
  //  ^ tag.definition.method
    return [counter];
    //      ^ tag.reference.name
  }
}

const api = {
//    ^ tag.definition.constant
  start() {},
//^ tag.definition.method
  stop: () => {},
//^ tag.definition.method
  limit: 10,
//^ !tag.definition
};

module.exports = api;
//     ^ !tag.definition
exports.api = api;
//      ^ tag.definition.variable
module.exports.run = () => {};
//             ^ tag.definition.function
Shelf.prototype.clear = function () {};
//              ^ tag.definition.method

export { load as open, walk };
//               ^ tag.definition.variable
export { helper, one as two } from "./helpers.js";
//       ^ tag.reference.import
//                      ^ tag.definition.variable

const App = () => [
//    ^ tag.definition.function
  <Page title={title}>text</Page>,
 //^ tag.reference.call
  //           ^ tag.reference.name
  <div />,
 //^ !tag.reference
  <icons.Close />,
  //     ^ tag.reference.call
];
