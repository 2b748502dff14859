import "./side-effect";
// <- import
//      ^ import.module
import main, * as paths from "./main";
// <- import
// <- import
//     ^ import.alias
//                ^ import.alias
//                            ^ import.module
//                            ^ import.module
import type { Account, Money as Amount } from "./model";
// <- import
// <- import
//            ^ import.name
//                     ^ import.name
//                              ^ import.alias
//                                             ^ import.module
//                                             ^ import.module
import { ledger, type Entry } from "./ledger";
// <- import
// <- import
//       ^ import.name
//                    ^ import.name
//                                  ^ import.module
//                                  ^ import.module
import type Config from "./config";
// <- import
//          ^ import.alias
//                       ^ import.module
import events = require("events");
// <- import
//     ^ import.alias
//                       ^ import.module
import Emitter = events.EventEmitter;
// <- import
//     ^ import.alias
//               ^ import.module
export * from "./all";
// <- !import
type Lazy = typeof import("./lazy");
// <- !import

const fs = require("fs");
// <- import
//    ^ import.alias
//                  ^ import.module
var { join } = require("path");
// <- import
//    ^ import.name
//                      ^ import.module
async function lazy() {
  const { parse: read } = await import("./parse");
//^ import
  //      ^ import.name
  //             ^ import.alias
  //                                    ^ import.module
}
