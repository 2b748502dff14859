export function load<T>(path: string, retries?: number): Promise<T> {
//              ^ definition.function
//              ^ name
//                     ^ parameters
//                                                       ^ result
//                                                                  ^ body
  throw new Error("Method not implemented.");
//^ stub
}

function area(side: number): number;
//       ^ !definition.function
function area(width: number, height = width): number {
//       ^ definition.function
  return width * height;
}

declare function elsewhere(token: string): void;
//               ^ !definition.function

function* walk(tree: Tree): Generator<Node> {}
//        ^ definition.function
//                          ^ result

function isEntry(value: unknown): value is Entry {
//       ^ definition.function
//                                ^ result
  throw new NotImplementedError();
//^ stub
}

export const parse = async <T,>(text: string): Promise<T> => {};
//           ^ definition.function
//           ^ name
//                             ^ parameters
//                                             ^ result
//                                                           ^ body

const double: Mapper = x => x * 2;
//    ^ definition.function
//                     ^ parameters
//                          ^ body

var legacy = function (this: Window): void {};
//  ^ definition.function
//                                    ^ result

let empty: () => void;
//  ^ !definition.function

export abstract class Store<T> extends Base<T> implements Reader {
//                    ^ definition.class
//                    ^ name
//                                                               ^ body
  private count: number = 0;
  //      ^ !definition.function

  constructor(private readonly path: string) {
//^ definition.function
    super();
  }

  @memoize({ size: 1 })
  protected async find(id: string): Promise<T> {
  //              ^ definition.function
  //                                ^ result
    throw new Error("TODO");
  //^ stub
  }

  abstract convert(item: T): string;
  //       ^ !definition.function

  overload(id: number): T;
//^ !definition.function
  overload(id: any): T {
//^ definition.function
    return this.all[id]!;
  //^ !stub
  }

  get size(): number {
  //  ^ definition.function
  //          ^ result
    return 1;
  }

  static async *#pages(): AsyncGenerator<T> {}
  //            ^ definition.function

  readonly handler = (event: Event): void => {};
  //       ^ definition.function
  //                                 ^ result
}

interface Reader<T> {
//        ^ definition.class
//                  ^ body
  next(): T;
//^ !definition.function
}

const enum Level {
//         ^ definition.class
//               ^ body
  Low,
}

type Pair = [number, number];
//   ^ !definition.class

export namespace Space.Inner {
//               ^ definition.class
//                           ^ body
  export function reveal() {}
  //              ^ definition.function
}

declare module "other" {
//             ^ definition.class
  class Hidden {}
  //    ^ definition.class
}

const Box = class<T> {};
//    ^ definition.class

const api = {
  start(): void {},
//^ definition.function
  //       ^ result
  stop: (): void => {},
//^ definition.function
  //        ^ result
};

Box.prototype.size = function (): number {
//            ^ definition.function
//                                ^ result
  return 1;
};

exports.Crate = class {};
//      ^ definition.class

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
