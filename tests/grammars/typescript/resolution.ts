import type { Account, Money as Amount } from "./model"; // @model
import { ledger, type Entry } from "./ledger"; // @ledger
import events = require("events"); // @events
import Emitter = events.EventEmitter; // @emitter

export const enum Level { Low = 1, High = Low << 2, Both = Low | High } // @enum
//                                        ^ -> @enum
//                                                         ^ -> @enum
//                                                               ^ -> @enum

// Types and values are told apart.
interface Reader<T extends Entry = Entry> extends Closable<T> { // @reader
//               ^ -> here
//                         ^ -> @ledger
//                                 ^ -> @ledger
//                                                ^ -> none
//                                                         ^ -> @reader
  readonly limit: Amount;
  //       ^ -> nothing
  //              ^ -> @model
  next(count: number, of: T): count;
  //                      ^ -> @reader
  //                          ^ -> none
  find<K extends keyof T>(key: K): T[K]; // @find
  //                   ^ -> @reader
  //                           ^ -> @find
  //                               ^ -> @reader
  //                                 ^ -> @find
  (input: string): input is Level;
  //                        ^ -> @enum
  [key: string]: unknown;
 //^ -> here
}
type Result<T, E = Error> = { value: T } | { error: E }; // @result
//                 ^ -> none
//                                   ^ -> @result
//                                                  ^ -> @result
type Total = Result<Account>; // @total
//           ^ -> @result
//                  ^ -> @model
type value = string; // @value-type
//   ^ -> here
const value: value = "text"; // @value
//    ^ -> here
//           ^ -> @value-type
type Shape = typeof value; // @shape
//                  ^ -> @value
let widened: value = value; // @widened
//           ^ -> @value-type
//                   ^ -> @value

// Conditional and mapped types.
type Unwrap<T> = T extends Promise<infer U> ? U : T; // @unwrap
//                                       ^ -> here
//                                            ^ -> @unwrap
//                                                ^ -> @unwrap
type Returned<F> = F extends (...args: infer A) => infer R ? [A, R] : never; // @returned
//                 ^ -> @returned
//                                                            ^ -> @returned
//                                                               ^ -> @returned
type Getters<T> = { [P in keyof T as `get${Capital<P>}`]: () => T[P] }; // @getters
//                              ^ -> @getters
//                                         ^ -> none
//                                                 ^ -> @getters
//                                                              ^ -> @getters
//                                                                ^ -> @getters
type Pair = [first: Shape, second?: Total, ...rest: Account[]]; // @pair
//           ^ -> member
//                  ^ -> @shape
//                         ^ -> member
//                                  ^ -> @total
//                                            ^ -> member
//                                                  ^ -> @model
type Handler = (this: Store, event: Event) => typeof event; // @handler
//                    ^ -> @store
//                           ^ -> here
//                                  ^ -> none
//                                                   ^ -> @handler
type Maker<T> = new (seed: T) => Store<T>; // @maker
//                   ^ -> here
//                         ^ -> @maker
//                               ^ -> @store
//                                     ^ -> @maker
type Deep = Space.Inner<Pair>;
//          ^ -> @space
//                ^ -> member
//                      ^ -> @pair

export abstract class Store<Item extends { id: number }> extends Emitter implements Reader<Item> { // @store
//                                                               ^ -> @emitter
//                                                                                  ^ -> @reader
//                                                                                         ^ -> @store
  private static instances = new Map<string, Store<any>>();
  //                                         ^ -> @store
  #level: Level = Level.Low;
  //      ^ -> @enum
  //              ^ -> @enum
  //                    ^ -> member
  declare items: Item[];
  //             ^ -> @store

  constructor(private readonly name: string, protected clock?: Handler, ...seeds: Item[]) { // @constructor
  //                           ^ -> here
  //                                                           ^ -> @handler
  //                                                                       ^ -> here
    super();
    this.items = seeds;
    //   ^ -> member
    //           ^ -> @constructor
    Store.instances.set(name, this);
  //^ -> @store
    //                  ^ -> @constructor
    clock?.call(this, null!);
  //^ -> @constructor
  }

  abstract convert<Out>(item: Item, to: Maker<Out>): Out; // @convert
  //                          ^ -> @store
  //                                    ^ -> @maker
  //                                          ^ -> @convert
  //                                                 ^ -> @convert

  on = <K extends string>(kind: K, run: (item: Item) => void): this => { // @on
  //                            ^ -> @on
  //                                           ^ -> @store
    run(kind as unknown as Item);
  //^ -> @on
    //  ^ -> @on
    //                     ^ -> @store
    return this;
  };

  find(id: number): Item | undefined; // @find-signature
  find(id: string | number, { strict = false, deep: [depth = 1] = [] }: Options = defaults) { // @find-method
  //                          ^ -> here
  //                                          ^ -> nothing
  //                                                 ^ -> here
  //                                                                              ^ -> @defaults
    const wanted = <number>id; // @wanted
    //                     ^ -> @find-method
    return this.items.find((item): item is Item => strict && item.id === wanted + depth); // @finder
    //                                             ^ -> @find-method
    //                                                       ^ -> @finder
    //                                                                   ^ -> @wanted
    //                                                                            ^ -> @find-method
  }

  static async *all<Item>(of: Item[], @inject("log") log = of): AsyncGenerator<Item> { // @all
  //                ^ -> here
  //                          ^ -> @all
  //                                   ^ -> @inject
  //                                                       ^ -> @all
  //                                                                           ^ -> @all
    for (const one of of) yield one; // @one
    //                ^ -> @all
    //                          ^ -> @one
    log;
  //^ -> @all
  }
}
const defaults = { strict: true } satisfies Options; // @defaults
//                                          ^ -> @options
interface Options { strict: boolean } // @options
declare function inject(token: string): ParameterDecorator; // @inject
//                                      ^ -> none

// Overloads: the first of them stands for all.
function area(side: number): number; // @area
function area(width: number, height?: number): number { // @area-body
  return width * (height ?? width);
  //     ^ -> @area-body
  //              ^ -> @area-body
}
area(1);
// <- -> @area

// Namespaces, and what is declared elsewhere.
namespace Space { // @space
  export type Inner<T> = T[]; // @inner
  //          ^ -> here
  //                     ^ -> @inner
  export const secret = value; // @secret
  //                    ^ -> @value
  export function reveal(): Inner<string> {
  //                        ^ -> @inner
    var local = [secret]; // @local
    //           ^ -> @secret
    return local;
    //     ^ -> @local
  }
}
Space.reveal();
// <- -> @space
//    ^ -> member
secret;
// <- -> none
namespace Outer.Nested { // @outer
//        ^ -> here
//              ^ -> member
  export let depth = ledger; // @nested-depth
  //                 ^ -> @ledger
  depth;
//^ -> @nested-depth
}
declare module "other" {
  function hidden(seed: Outer.Nested.Thing): void; // @hidden
  //                    ^ -> @outer
}
hidden(depth);
// <- -> none
//     ^ -> none

// Guards, assertions and generics of functions.
function isEntry<T>(value: T | Entry): value is Entry { // @isEntry
//                         ^ -> @isEntry
//                                     ^ -> @isEntry
  return (value as Entry).total !== undefined;
  //      ^ -> @isEntry
  //               ^ -> @ledger
}
function check(condition: unknown, text?: string): asserts condition { // @check
//                                                         ^ -> @check
  if (!condition) throw new Error(text);
  //   ^ -> @check
  //                              ^ -> @check
}
const pick = <T extends object, const K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> => { // @pick
//                                                                                    ^ -> @pick
//                                                                                       ^ -> @pick
  const picked = {} as Pick<T, K>; // @picked
  //                   ^ -> none
  //                        ^ -> @pick
  //                           ^ -> @pick
  for (const key of keys) picked[key] = from[key]!;
  //                ^ -> @pick
  //                                    ^ -> @pick
  return picked;
  //     ^ -> @picked
};
let callbacks: Array<(error: Error | null) => void> = [check, isEntry]; // @callbacks
//                    ^ -> here
//                                                     ^ -> @check
//                                                            ^ -> @isEntry
try {
  pick<Options, "strict">(defaults, "strict");
//^ -> @pick
  //                      ^ -> @defaults
} catch (error: unknown) { // @error
//       ^ -> here
  callbacks.forEach((each) => each(error as Error));
//^ -> @callbacks
  //                               ^ -> @error
}
[widened] = [value];
 // <- -> @widened
//           ^ -> @value
T;
// <- -> none

export { area as surface, type Total };
//       ^ -> @area
//               ^ -> member
//                             ^ -> @total
export type { Entry } from "./ledger";
//            ^ -> member
export * as models from "./model";
//          ^ -> member
export default Store;
//             ^ -> @store
