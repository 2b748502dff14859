use std::fmt::{self, Display as Show, Debug};
//                              ^ !tag.reference
//  ^ tag.reference.name
//       ^ tag.reference.name
//                   ^ tag.reference.import
//                                    ^ tag.reference.import
use crate::store;
//         ^ tag.reference.import
extern crate alloc;
//           ^ tag.reference.import

mod store;
//  ^ tag.definition.module

pub const LIMIT: u32 = 10;
//        ^ tag.definition.constant
static NAME: &str = "shop";
//     ^ tag.definition.variable
pub type Pairs<T> = Vec<(T, T)>;
//       ^ tag.definition.type
//             ^ tag.reference.type
//                  ^ tag.reference.type
//                       ^ tag.reference.type
//                          ^ tag.reference.type

#[derive(Debug)]
//       ^ tag.reference.name
pub struct Item<T> {
//         ^ tag.definition.class
//              ^ tag.reference.type
    pub name: String,
    //  ^ tag.definition.variable
    //        ^ tag.reference.type
    size: Size,
    // <- tag.definition.variable
    //    ^ tag.reference.type
}

enum Size {
//   ^ tag.definition.class
    Small,
    // <- tag.definition.constant
    Large(u8),
    // <- tag.definition.constant
}

union Raw { whole: u32 }
//    ^ tag.definition.class
//          ^ tag.definition.variable

pub trait Own: Show {
//        ^ tag.definition.class
//             ^ tag.reference.type
    type Error;
    //   ^ tag.definition.type
    const MAX: u32;
    //    ^ tag.definition.constant
    fn own(&self) -> Result<(), Self::Error>;
    // ^ tag.definition.method
    //               ^ tag.reference.type
    //                                ^ tag.reference.type
    fn provided(&self) {}
    // ^ tag.definition.method
}

impl<T> Own for Item<T> {
//   ^ tag.reference.type
//      ^ tag.reference.type
//              ^ tag.reference.type
//                   ^ tag.reference.type
    type Error = fmt::Error;
    //   ^ tag.definition.type
    //           ^ tag.reference.name
    //                ^ tag.reference.type
    const MAX: u32 = LIMIT;
    //    ^ tag.definition.constant
    //               ^ tag.reference.name
    fn own(&self) -> Result<(), Self::Error> {
    // ^ tag.definition.method
    //               ^ tag.reference.type
    //                                ^ tag.reference.type
        self.size.check();
        //   ^ tag.reference.name
        //        ^ tag.reference.call
        Self::helper(NAME, &self.name)
        // <- !tag.reference
        //    ^ tag.reference.call
        //           ^ tag.reference.name
        //                       ^ tag.reference.name
    }
}

mod inner {
//  ^ tag.definition.module
    pub fn deep() {
    //     ^ tag.definition.function
        fn hidden() {}
        // ^ !tag.definition
        const INSIDE: u8 = 1;
        //    ^ !tag.definition
    }
    static X: u8 = 1;
    //     ^ tag.definition.variable
}

macro_rules! shout {
//           ^ tag.definition.macro
    ($x:expr) => { println!("{}", $x) };
    //             ^ tag.reference.call
}

extern "C" {
    fn external(code: i32);
    // ^ tag.definition.function
}

fn load(path: &str) -> Option<Item<u8>> {
// ^ name
//      ^ !tag.definition
// ^ tag.definition.function
//                     ^ tag.reference.type
//                            ^ tag.reference.type
    let item = Item { name: path.into(), size: first };
    //         ^ tag.reference.type
    //                ^ tag.reference.name
    //                           ^ tag.reference.call
    //                                   ^ tag.reference.name
    //                                         ^ tag.reference.name
    let parsed = store::parse::<u8>(path, handler);
    //  ^ !tag.definition
    //           ^ tag.reference.name
    //                  ^ tag.reference.call
    //                              ^ tag.reference.name
    //                                    ^ tag.reference.name
    let list = items.iter().map(transform).collect::<Vec<_>>();
    //                                                   ^ !tag.reference
    //               ^ tag.reference.call
    //                      ^ tag.reference.call
    //                          ^ tag.reference.name
    //                                     ^ tag.reference.call
    //                                               ^ tag.reference.type
    match item.size {
    //         ^ tag.reference.name
        Small => shout!(item.name.len()),
        // <- tag.reference.name
        //       ^ tag.reference.call
        //              ^ tag.reference.name
        //                   ^ tag.reference.name
        //                        ^ tag.reference.call
        Size::Large(n) if n > LIMIT => std::process::exit(n),
        //          ^ !tag.reference
        // <- tag.reference.name
        //    ^ tag.reference.name
        //                ^ tag.reference.name
        //                    ^ tag.reference.name
        //                             ^ tag.reference.name
        //                                  ^ tag.reference.name
        //                                           ^ tag.reference.call
        //                                                ^ tag.reference.name
        Size { kind: other } => identity(vec![make(1), LIMIT]),
        // <- tag.reference.type
        //     ^ tag.reference.name
        //                      ^ tag.reference.call
        //                               ^ tag.reference.call
        //                                    ^ tag.reference.call
        //                                             ^ tag.reference.name
    }
    return missing;
    //     ^ tag.reference.name
}
