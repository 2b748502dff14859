//! A small store, for the assertions about names.

use std::collections::{self, btree_map, hash_map::Entry, HashMap as Map}; // @collections
//  ^ -> none
//       ^ -> here
//                           ^ -> here
//                                                       ^ -> member
//                                                                  ^ -> here
use std::fmt::{Debug, Display, Formatter}; // @fmt
//       ^ -> member
use std::io::Result as IoResult; // @IoResult
use std::rc::Rc; // @Rc
pub use self::shapes::Square; // @Square
//            ^ -> member
//                    ^ -> here
use crate::shapes::*;
//         ^ -> member

mod shapes { // @shapes
//  ^ -> here
    use super::Cents; // @innerCents
    //         ^ -> here

    #[derive(Default)]
    pub struct Square { // @InnerSquare
        pub side: Cents,
        //  ^ -> member
        //        ^ -> @innerCents
    }

    pub fn area(square: &Square) -> Cents { // @area
    //                   ^ -> @InnerSquare
    //                              ^ -> @innerCents
        Cents(square.side.0 * scale(1))
        // <- -> @innerCents
        //    ^ -> @area
        //           ^ -> member
        //                    ^ -> @scale
    }

    pub const __KIND: u8 = 4;

    fn scale(by: i64) -> i64 { // @scale
        by
        // <- -> @scale
    }
}

/// Money.
#[derive(Debug, Clone, Copy, Default)]
//^ -> member
//       ^ -> @fmt
//              ^ -> none
pub struct Cents(pub i64); // @Cents

#[derive(Clone)]
pub struct Ledger<'a, K, const N: usize> // @Ledger
//                 ^ -> member
//                    ^ -> here
//                             ^ -> here
where
    K: Debug,
    // <- -> @Ledger
    // ^ -> @fmt
{
    name: &'a str,
    // <- -> member
    entries: Map<K, [Cents; N]>,
    //       ^ -> @collections
    //           ^ -> @Ledger
    //               ^ -> @Cents
    //                      ^ -> @Ledger
}

#[repr(u8)]
//^ -> member
pub enum Side { // @Side
    Debit = DEFAULT_SIDE,
    // <- -> here
    //      ^ -> @DEFAULT_SIDE
    Credit,
}

pub enum Node<T> { // @Node
    Leaf,
    Value(T),
    //    ^ -> @Node
    Pair { left: Rc<Node<T>>, right: Rc<Node<T>> },
    //     ^ -> member
    //           ^ -> @Rc
    //                                  ^ -> @Node
}

const DEFAULT_SIDE: u8 = 1; // @DEFAULT_SIDE
const _INTERNAL: u8 = 2; // @_INTERNAL
static GREETING: &str = "hello"; // @GREETING
type Pairs<T> = Vec<(T, T)>; // @Pairs
//                   ^ -> @Pairs
//              ^ -> none

macro_rules! square { // @square_macro
    ($x:expr) => {{
        let value = $x; // @macro_value
        value * value
        // <- -> @macro_value
    }};
}

pub trait Account: Display { // @Account
//                 ^ -> @fmt
    type Error: Debug;
    //   ^ -> here
    //          ^ -> @fmt
    const LIMIT: i64 = 10;
    fn balance(&self, at: usize) -> Result<Cents, Self::Error>;
    // ^ -> here
    //                                     ^ -> @Cents
    //                                            ^ -> member
    //                                                  ^ -> member
    //                              ^ -> none
    fn is_empty(&self) -> bool { // @is_empty
        matches!(self.balance(0), Ok(Cents(0)))
        //       ^ -> @is_empty
        //            ^ -> member
        //                           ^ -> @Cents
    }
}

impl<'a, K, const M: usize> Display for Ledger<'a, K, M> // @impl
//       ^ -> here
//                                                 ^ -> @impl
//                                                    ^ -> @impl
//                          ^ -> @fmt
//                                      ^ -> @Ledger
where
    K: Debug, // @bound
    // <- -> @impl
{
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result { // @fmt_method
    // ^ -> here
    //                    ^ -> @fmt
    //                                      ^ -> none
    //                                           ^ -> member
        write!(f, "{}: {:?}", self.name, M)
        // <- -> none
        //     ^ -> @fmt_method
        //                    ^ -> @fmt_method
        //                         ^ -> member
        //                               ^ -> @impl
    }
}

impl<'a, K: Debug + Eq + std::hash::Hash, const N: usize> Ledger<'a, K, N> { // @inherent
//          ^ -> @fmt
    const EMPTY: [Cents; N] = [Cents(0); N];
    //                   ^ -> @inherent

    pub fn new(name: &'a str) -> Self { // @new
    //                           ^ -> member
        let entries = Map::new(); // @entries
        //            ^ -> @collections
        //                 ^ -> member
        Self { name, entries }
        // <- -> member
        //     ^ -> @new
        //           ^ -> @entries
    }

    pub fn post(&mut self, key: K, (at, amount): (usize, Cents)) -> Option<Cents> { // @post
    //                              ^ -> here
    //                          ^ -> @inherent
        match self.entries.entry(key) {
        //    ^ -> @post
        //         ^ -> member
        //                       ^ -> @post
            Entry::Occupied(mut slot) => { // @slot
            // <- -> @collections
            //     ^ -> member
                let old = slot.get()[at]; // @old
                //        ^ -> @slot
                //                   ^ -> @post
                slot.get_mut()[at] = amount;
                //                   ^ -> @post
                Some(old)
                //   ^ -> @old
                // <- -> none
            }
            Entry::Vacant(slot) => { // @vacant
                let mut fresh = Self::EMPTY; // @fresh
                //                    ^ -> member
                fresh[at] = amount;
                slot.insert(fresh);
                // <- -> @vacant
                //          ^ -> @fresh
                None
            }
        }
    }
}

impl Iterator for Cents {
    type Item = Side; // @Item
    //   ^ -> here
    //          ^ -> @Side
    fn next(&mut self) -> Option<Side> { // @next
        let Self(ref mut left) = *self; // @left
        //  ^ -> member
        //                        ^ -> @next
        *left -= 1;
//       ^ -> @left
        None
    }
}

fn shadowing(x: i64, list: Vec<i64>) -> i64 { // @shadowing
    let x = x + 1; // @x1
    //      ^ -> @shadowing
    let (x, y) = (x * 2, x); // @x2
    //            ^ -> @x1
    //                   ^ -> @x1
    let z = { // @z
        let x = x + y; // @x3
        //      ^ -> @x2
        //          ^ -> @x2
        x
        // <- -> @x3
    };
    let list: Vec<_> = list.iter().map(|x| x + z).collect(); // @list
    //                 ^ -> @shadowing
    //                                     ^ -> @list
    //                                         ^ -> @z
    for x in list.iter().filter(|n| **n > x) { // @forx
    //       ^ -> @list
    //                                    ^ -> @x2
        let _ = x;
        //      ^ -> @forx
    }
    helper(x)
    // <- -> @helper
    //     ^ -> @x2
}

fn patterns(node: &Node<Cents>, maybe: Option<i64>, code: u8) -> i64 { // @patterns
//                 ^ -> @Node
    let Some(found) = maybe else { return 0 }; // @found
    //  ^ -> none
    //                ^ -> @patterns
    if let Some(maybe) = maybe { // @some
    //                   ^ -> @patterns
        return maybe;
        //     ^ -> @some
    } else if let None = maybe {
    //                   ^ -> @patterns
    //            ^ -> none
        return found;
        //     ^ -> @found
    }
    let mut stack = vec![node]; // @stack
    //                   ^ -> @patterns
    while let Some(node) = stack.pop() { // @top
    //                     ^ -> @stack
    //                           ^ -> member
        match node { // @match
        //    ^ -> @top
            Node::Leaf => continue,
            // <- -> @Node
            //    ^ -> member
            Node::Value(Cents(amount)) if *amount > found => return *amount, // @amount
            //          ^ -> @Cents
            //                             ^ -> @amount
            //                                                       ^ -> @amount
            //                                      ^ -> @found
            Node::Value(cents @ Cents(_)) => return cents.0, // @cents
            //                                      ^ -> @cents
            Node::Pair { left, right: other } => { // @pair
            //                 ^ -> member
                stack.push(left);
                //         ^ -> @pair
                stack.push(other);
                //         ^ -> @pair
            }
        }
    }
    let shapes = Some(Side::Credit); // @shapes_value
    if let Some(self::Side::Debit) | None = shapes {
    //                ^ -> member
    //                                      ^ -> @shapes_value
        return 2;
    }
    if let Some(shapes::__KIND) = Some(code) {
    //          ^ -> @shapes
    //                  ^ -> member
        return 3;
    }
    match (code, found) {
    //     ^ -> @patterns
        (_INTERNAL, _) => 4,
//       ^ -> @_INTERNAL
        (DEFAULT_SIDE, _) => 1,
//       ^ -> @DEFAULT_SIDE
        (0..=3 | 7, n) | (9, n) => n, // @alternatives
        //                         ^ -> @alternatives
        (code, ref rest) => i64::from(code) + *rest, // @rest
        //                            ^ -> @rest
        //                                     ^ -> @rest
    }
}

fn helper(n: i64) -> i64 { // @helper
    return inner(n) + OFFSET;
    //     ^ -> @inner
    //                ^ -> @OFFSET

    const OFFSET: i64 = 3; // @OFFSET
    fn inner<T: Into<i64>>(n: T) -> i64 { // @inner
    //                        ^ -> @inner
        n.into()
        // <- -> @inner
        //^ -> member
    }
}

fn closures<F, G>(apply: F, items: &[Cents]) -> impl Fn(i64) -> i64 // @closures
//                       ^ -> @closures
where
    F: Fn(i64) -> G + 'static,
    //            ^ -> @closures
    G: Into<i64>,
{
    let total: i64 = items.iter().map(|&Cents(cents)| cents).sum(); // @total
    //               ^ -> @closures
    //                                  ^ -> @Cents
    //                                                ^ -> @total
    let add = |a: i64, b| -> i64 { a + b }; // @add
    //                             ^ -> @add
    //                                 ^ -> @add
    move |n| { // @returned
        let n = add(n, total); // @n
        //      ^ -> @add
        //          ^ -> @returned
        //             ^ -> @total
        apply(n).into()
        // <- -> @closures
        //    ^ -> @n
    }
}

fn labels(rows: &[Vec<i64>]) -> Option<i64> { // @labels
    'outer: for row in rows { // @outer
    //                 ^ -> @labels
        for cell in row { // @cell
        //          ^ -> @outer
            if *cell < 0 {
            //  ^ -> @cell
                continue 'outer;
                //        ^ -> @outer
            }
            break 'outer;
            //     ^ -> @outer
        }
    }
    let outer = 'block: { // @block
        if rows.is_empty() {
            break 'block None;
            //     ^ -> @block
        }
        Some(1)
    };
    outer
    // <- -> @block
}

fn macros(shapes: &[Square], side: i64) -> String { // @macros
//                  ^ -> @Square
    let area = square!(side); // @area_value
    //         ^ -> @square_macro
    //                 ^ -> @macros
    assert_eq!(shapes.len(), GREETING.len(), "side {}", side);
    //         ^ -> @macros
    //                ^ -> member
    //                       ^ -> @GREETING
    //                                                  ^ -> @macros
    assert!(!shapes.is_empty() && shapes.iter().rev().count() > 0);
    //                                          ^ -> member
    //                                                ^ -> member
    assert!(shapes.iter().fold(0, |sum, next| sum + next.side.0) > 0); // @fold
    //                    ^ -> member
    //                                        ^ -> @fold
    //                                              ^ -> @fold
    assert!(shapes.iter().enumerate().all(|(at, shape)| at as i64 <= shape.side.0)); // @tuple
    //                                                  ^ -> @tuple
    //                                                               ^ -> @tuple
    assert!(shapes.iter().all(|shape| shape.side.0 > area)); // @all
    //                                ^ -> @all
    //                                      ^ -> member
    //                                               ^ -> @area_value
    let shape = Square { side: Cents(side), ..Default::default() }; // @shape
    //          ^ -> @Square
    //                   ^ -> member
    //                         ^ -> @Cents
    //                                        ^ -> none
    debug_assert!({
        let limit = square!(area); // @limit
        //          ^ -> @square_macro
        //                  ^ -> @area_value
        limit > 0
        // <- -> @limit
    });
    let boxed = vec![shapes::area(&shape), Cents(1)]; // @boxed
    //               ^ -> @shapes
    //                       ^ -> member
    //                             ^ -> @shape
    let square = boxed.len(); // @square_value
    //           ^ -> @boxed
    format!("{area} {}", square, area = square!(2))
    // <- -> none
    //                   ^ -> @square_value
    //                                  ^ -> @square_macro
    //                           ^ -> member
}

macro_rules! lazily {
    ($(static ref $name:ident: $type:ty = $value:expr;)*) => {
        $(static $name: $type = $value;)*
    };
}

lazily! {
    static ref FIRST: u8 = DEFAULT_SIDE; // @FIRST
    //     ^ -> member
    //         ^ -> here
    //                     ^ -> @DEFAULT_SIDE
    static ref SECOND: u8 = FIRST; // @SECOND
    //                      ^ -> @FIRST
}

thread_local! {
    static COUNTER: std::cell::Cell<u32> = std::cell::Cell::new(0); // @COUNTER
    //     ^ -> here
}

fn spaces<T>(collections: T) -> (T, IoResult<Pairs<u8>>) { // @spaces
//                        ^ -> @spaces
//                                  ^ -> @IoResult
//                                           ^ -> @Pairs
    let _: Option<collections::VecDeque<u8>> = None;
    //            ^ -> @collections
    //                         ^ -> member
    let _ = collections::BTreeMap::<u8, btree_map::Iter<u8, u8>>::new();
    //      ^ -> @collections
    //                                  ^ -> @collections
    COUNTER.with(|counter| counter.set(counter.get() + 1)); // @with
    // <- -> @COUNTER
    //                     ^ -> @with
    use std::mem::size_of; // @size_of
    use std::{cmp::{max as larger, Ordering}, collections::hash_map::{self, Keys}}; // @nested
    //        ^ -> member
    //                     ^ -> here
    //                                        ^ -> member
    //                                                     ^ -> here
    let _ = larger(FIRST, SECOND).cmp(&0) == Ordering::Less;
    //      ^ -> @nested
    //                    ^ -> @SECOND
    //                            ^ -> member
    //                                       ^ -> @nested
    let _: Option<(hash_map::Drain<u8, u8>, Keys<u8, u8>)> = None;
    //             ^ -> @nested
    //                                      ^ -> @nested
    let _ = size_of::<T>();
    //      ^ -> @size_of
    //                ^ -> @spaces
    (collections, Ok(Pairs::new()))
//   ^ -> @spaces
    //               ^ -> @Pairs
}
