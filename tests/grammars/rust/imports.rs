use anyhow;
// <- import
//  ^ import.module
use std::fmt;
// <- import
//  ^ import.module
//       ^ import.name
use std::io::Result as IoResult;
// <- import
//  ^ import.module
//           ^ import.name
//                     ^ import.alias
use serde as ser;
// <- import
//  ^ import.module
//           ^ import.alias
use ::rand::Rng;
// <- import
//  ^ import.module
//          ^ import.name
pub(crate) use crate::prelude::*;
// <- import
//             ^ import.module
//                             ^ import.name
use super::super::shared;
// <- import
//  ^ import.module
//                ^ import.name
use std::collections::{self, btree_map, HashMap as Map, hash_map::Entry};
// <- import
// <- import
// <- import
// <- import
//  ^ import.module
//  ^ import.module
//  ^ import.module
//  ^ import.module
//                     ^ import.name
//                           ^ import.name
//                                      ^ import.name
//                                                 ^ import.alias
//                                                      ^ import.name
use tokio::{
// <- import
// <- import
// <- import
// <- import
//  ^ import.module
    sync::{mpsc, Mutex as AsyncMutex, broadcast::*},
    // <- import.module
    // <- import.module
    // <- import.module
    //     ^ import.name
    //           ^ import.name
    //                    ^ import.alias
    //                                ^ import.name
    time,
    // <- import.name
};
extern crate alloc;
// <- import
//           ^ import.module
extern crate core as base;
// <- import
//           ^ import.module
//                   ^ import.alias

mod shop;
//  ^ !import.module

fn inside() {
    use rand::thread_rng;
    // <- import
    //  ^ import.module
    //        ^ import.name
    let used = std::mem::take(&mut vec);
    //         ^ !import.module
    //                   ^ !import.name
    let renamed = taken as usize;
    //                     ^ !import.alias
    let x = 1;
    // <- !import
}
