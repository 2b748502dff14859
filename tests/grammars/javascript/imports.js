import "./side-effect.js";
// <- import
//      ^ import.module
import React from "react";
// <- import
//     ^ import.alias
//                 ^ import.module
import * as paths from "node:path";
// <- import
//          ^ import.alias
//                      ^ import.module
import { readFile, writeFile as store } from "node:fs";
// <- import
// <- import
//       ^ import.name
//                 ^ import.name
//                              ^ import.alias
//                                            ^ import.module
//                                            ^ import.module
import main, { default as again } from "./main.js";
// <- import
// <- import
//     ^ import.alias
//             ^ import.name
//                        ^ import.alias
//                                      ^ import.module
//                                      ^ import.module
import { "a name" as name } from "./names.js";
// <- import
//       ^ import.name
//                   ^ import.alias
//                                ^ import.module
import data from "./data.json" with { type: "json" };
// <- import
//     ^ import.alias
//                ^ import.module
import.meta.url;
// <- !import
export { a } from "./a.js";
// <- !import

const fs = require("fs");
// <- import
//    ^ import.alias
//                  ^ import.module
const { join, resolve: absolute } = require("path");
// <- import
// <- import
//      ^ import.name
//            ^ import.name
//                     ^ import.alias
//                                           ^ import.module
//                                           ^ import.module
var old = require("old");
// <- import
//  ^ import.alias
//                 ^ import.module
const made = requires("x");
// <- !import

async function lazy() {
  const { parse } = await import("./parse.js");
//^ import
  //      ^ import.name
  //                              ^ import.module
  const later = import("./later.js");
//^ import
  //    ^ import.alias
  //                    ^ import.module
}
