use std::fmt;

/// Adds up amounts.
pub fn sum(amounts: &[u32]) -> u32 {
//     ^ definition.function
//     ^ name
//        ^ parameters
//                             ^ result
//                                 ^ body
    todo!()
    // <- stub
}

fn unit() {}
// ^ definition.function

pub async unsafe fn generic<'a, T: Clone>(items: &'a [T]) -> Option<&'a T>
//                  ^ definition.function
where
    T: fmt::Debug,
{
    unimplemented!("generic over {}", items.len());
    // <- stub
}

const fn with_messages() {
//       ^ definition.function
    todo!("split it");
    // <- stub
    panic!("not implemented");
    // <- stub
    panic!("TODO: the other half");
    // <- stub
    anyhow::bail!("nothing");
    // <- !stub
    bail!("implement me");
    // <- stub
    unimplemented![]
    // <- stub
}

extern "C" fn callback(_: i32) {
//            ^ definition.function
    fn inner() {
    // ^ definition.function
        panic!("Not yet implemented: {}", 1)
        // <- stub
    }
}

/// An account.
#[derive(Debug)]
pub struct Account<'a> {
//         ^ definition.class
//         ^ name
//                     ^ body
    name: &'a str,
}

struct Cents(i64);
//     ^ definition.class
//          ^ body

struct Marker;
//     ^ !definition.class

#[repr(u8)]
enum Side {
//   ^ definition.class
    Debit,
    Credit = 2,
}

union Bits {
//    ^ definition.class
    whole: u32,
    part: u8,
}

pub trait Post: fmt::Debug {
//        ^ definition.class
    type Error;
    fn post(&mut self, amount: u32) -> Result<(), Self::Error>;
    fn undo(&mut self) {
    // ^ definition.function
        todo!()
        // <- stub
    }
}

impl<'a> Account<'a> {
//       ^ definition.class
    /// A new one.
    #[inline]
    pub fn new(name: &'a str) -> Self {
    //     ^ definition.function
        Self { name }
    }
}

impl fmt::Display for Cents {
//                    ^ definition.class
//                          ^ body
//   ^ !definition.class
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // ^ definition.function
        write!(f, "{}", self.0)
        // <- !stub
    }
}

impl<T> Post for crate::store::Memory<T> {
//                             ^ definition.class
    type Error = ();
}

impl Post for store::Disk {}
//                   ^ definition.class

impl Post for &str {}
//            ^ definition.class

impl Post for [u8; 4] {}
//            ^ definition.class

impl Post for dyn Fn(u32) {}
//            ^ definition.class

impl Post for (u32, u32) {}
//            ^ definition.class

impl Post for u64 {}
//            ^ definition.class

mod reports {
//  ^ definition.class
    pub fn monthly() {}
    //     ^ definition.function
}

mod elsewhere;
//  ^ !definition.class

extern "C" {
    fn abs(input: i32) -> i32;
    // ^ !definition.function
}

macro_rules! no_function {
    ($name:ident) => {
        fn $name() { todo!() }
        // ^ !definition.function
        //           ^ !stub
    };
}

fn no_stubs(list: &[u32]) -> u32 {
// ^ definition.function
    panic!("amount below zero");
    // <- !stub
    panic!("todo list is full");
    // <- !stub
    println!("not implemented");
    // <- !stub
    todo();
    // <- !stub
    let closure = |x: u32| x + 1;
    //  ^ !definition.function
    let answer = todo!();
    // <- !stub
    match list {
        [] => todo!(),
        //    ^ !stub
        _ => { unimplemented!() }
        //     ^ stub
    }
}

fn é() -> &'static str { "😀" }
// ^ definition.function
