import Config, { type Entry as Row } from "./ledger";
//     ^ tag.reference.import
//                    ^ tag.reference.import
//                             ^ !tag.reference

export const LIMIT: Amount = 10;
//           ^ tag.definition.constant
//           ^ name
//                  ^ tag.reference.type
export let counter = start;
//         ^ tag.definition.variable
//                   ^ tag.reference.name
declare const VERSION: string;
//            ^ tag.definition.constant
export const { first } = pair;
//             ^ tag.definition.variable
export const parse = (text: string): Row => read(text);
//           ^ tag.definition.function
//                                   ^ tag.reference.type
//                                          ^ tag.reference.call
const Box = class {};
//    ^ tag.definition.class

function area(side: number): number;
//       ^ tag.definition.function
export default function area(width: number) {
//                      ^ tag.definition.function
//                           ^ !tag.definition
  type Local = typeof counter;
  //   ^ !tag.definition
  //                  ^ tag.reference.name
  interface Hidden {}
  //        ^ !tag.definition
  return width as Local;
  //              ^ tag.reference.type
}

export abstract class Store<T> extends Base<T> implements models.Reader {
//                    ^ tag.definition.class
//                          ^ !tag.definition
//                                     ^ tag.reference.type
//                                          ^ tag.reference.type
//                                                               ^ tag.reference.type
  private items: T[] = [];
  //      ^ tag.definition.variable
  abstract convert(item: T): string;
  //       ^ tag.definition.method
  find(id: number): T;
//^ tag.definition.method
  @memoize({})
 //^ tag.reference.call
  find(id: any): T {
//^ tag.definition.method
    return this.items.at(id);
    //          ^ tag.reference.name
    //                ^ tag.reference.call
    //                   ^ tag.reference.name
  }
  constructor(private path: string) {
//^ !tag.definition
    super();
  }
  handler = (event: Event) => new Map<Key, string>();
//^ tag.definition.method
  //                              ^ tag.reference.call
  //                                  ^ tag.reference.type
}
class Plain extends mixins.Base {}
//    ^ tag.definition.class
//                         ^ tag.reference.type

interface Reader {
//        ^ tag.definition.type
  next(): void;
//^ tag.definition.method
  readonly done: boolean;
  //       ^ tag.definition.variable
}
export type Options = {
//          ^ tag.definition.type
  strict: boolean;
//^ tag.definition.variable
  run(): { deep: string };
//^ tag.definition.method
  //       ^ !tag.definition
};
export enum Level {
//          ^ tag.definition.type
  Low,
//^ tag.definition.constant
  High = 2,
//^ tag.definition.constant
}
namespace Space {
//        ^ tag.definition.module
  export type Inner = string;
  //          ^ tag.definition.type
  export function reveal() {}
  //              ^ tag.definition.function
  function secret() {}
  //       ^ !tag.definition
}
namespace Outer.Nested {}
//              ^ tag.definition.module
declare module "other" {
  function hidden(): void;
  //       ^ tag.definition.function
  class Thing {}
  //    ^ tag.definition.class
  let state: string;
  //  ^ tag.definition.variable
}

const api = {
//    ^ tag.definition.constant
  stop: () => {},
//^ tag.definition.method
  start() {},
//^ tag.definition.method
};
exports.api = api;
//      ^ tag.definition.variable
exports.run = () => {};
//      ^ tag.definition.function
Store.prototype.clear = function () {};
//              ^ tag.definition.method
export { parse as open, area as default };
//                ^ tag.definition.variable
//                              ^ !tag.definition
