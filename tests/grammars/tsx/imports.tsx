import * as React from "react";
// <- import
//          ^ import.alias
//                      ^ import.module
import { useState, type ReactNode as Content } from "react";
// <- import
// <- import
//       ^ import.name
//                      ^ import.name
//                                   ^ import.alias
//                                                   ^ import.module
//                                                   ^ import.module
export { Card } from "./card";
// <- !import
const Lazy = import("./lazy");
// <- import
//    ^ import.alias
//                   ^ import.module
