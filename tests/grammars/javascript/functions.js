/** A function, in every form. */
export async function load(path, { retries = 3 } = {}) {
//                    ^ definition.function
//                    ^ name
//                        ^ parameters
//                                                     ^ body
  return path;
}

function* walk(tree) {
//        ^ definition.function
  yield tree;
}

export const parse = async (text) => {};
//           ^ definition.function
//           ^ name
//                         ^ parameters
//                                   ^ body

let double = x => x * 2;
//  ^ definition.function
//           ^ parameters
//                ^ body

var legacy = function named() {};
//  ^ definition.function
//                    ^ !definition.function

const generate = function* () {};
//    ^ definition.function

const one = () => {}, two = () => {};
//    ^ !definition.function
//                    ^ !definition.function

const total = load();
//    ^ !definition.function

const wrapped = memo(() => {});
//                   ^ !definition.function

exports.read = () => {};
//      ^ definition.function

Shelf.prototype.size = function () {};
//              ^ definition.function

onload = () => {};
// <- definition.function

class Shelf extends Base {
//    ^ definition.class
//    ^ name
//                       ^ body
  static #count = 0;

  @bound
  async add(item) {}
  //    ^ definition.function

  static async *pages() {}
  //            ^ definition.function

  get first() {
  //  ^ definition.function
    return this.items[0];
  }

  set first(item) {}
  //  ^ definition.function

  #check() {}
//^ definition.function

  handler = (event) => {};
//^ definition.function

  static "quoted name"() {}
  //     ^ definition.function

  static {
    function inner() {}
    //       ^ definition.function
  }
}

const Box = class {
//    ^ definition.class
  open() {}
//^ definition.function
};

exports.Crate = class Named {};
//      ^ definition.class

const api = {
  start() {},
//^ definition.function
  stop: () => {},
//^ definition.function
  pause: function () {},
//^ definition.function
  limit: 10,
//^ !definition.function
};

export default function main() {}
//                      ^ definition.function

function stubs() {
//       ^ definition.function
  throw new Error("Not implemented");
//^ stub
  throw new Error(`TODO: write this`);
//^ stub
  throw Error('parse is not yet implemented.');
//^ stub
  throw "unimplemented";
//^ stub
  throw new TypeError("Method not implemented.", options);
//^ stub
  throw new NotImplementedError();
//^ stub
  throw new NotImplementedError("later");
//^ stub
  throw new Error("no such todo item");
//^ !stub
  throw new Error("the implementation failed");
//^ !stub
  throw new Error(message);
//^ !stub
  throw error;
//^ !stub
  return null;
//^ !stub
}

function wished() {
//       ^ definition.function
  // TODO: look it up
  return null;
//^ stub
}

function wishedBeside() {
//       ^ definition.function
  return []; // FIXME
//^ stub
}

function answered() {
//       ^ definition.function
  // Nothing is found.
  return null;
//^ !stub
}

function kept() {
//       ^ definition.function
  // TODO: cache it
  return look();
//^ !stub
}
