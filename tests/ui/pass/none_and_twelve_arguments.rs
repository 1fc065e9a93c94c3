//! Any number of arguments, also of types with commas in them.
#![deny(warnings)]

use std::collections::HashMap;

use jobs::prelude::*;

#[job]
async fn sweep() -> Result<(), std::io::Error> {
    Ok(())
}

#[job]
async fn only_provided(ctx: &Context) -> Result<(), std::io::Error> {
    assert!(ctx.attempt() > 0);
    Ok(())
}

#[allow(clippy::too_many_arguments)]
#[job(before_perform(check::<u8, Vec<u8>>))]
async fn index(
    a: u8,
    b: HashMap<String, Vec<u8>>,
    c: Option<HashMap<u64, (u8, i8)>>,
    d: [u16; 3],
    e: (),
    f: (u8, String),
    g: Box<str>,
    h: std::string::String,
    i: Vec<Vec<Option<bool>>>,
    j: char,
    k: f64,
    l: std::time::Duration,
) -> Result<(), Never> {
    drop((a, b, c, d, e, f, g, h, i));
    assert!(j != 'x' && k > 0.0 && l.is_zero());
    Ok(())
}

type Never = std::convert::Infallible;

fn check<A, B>(_: &Context, _: &Index) {}

fn main() -> Result<(), jobs::Error> {
    assert_eq!((Sweep::new().arguments()?, OnlyProvided {}.arguments()?), ("{}".to_owned(), "{}".to_owned()));
    let (b, l) = (HashMap::new(), std::time::Duration::ZERO);
    let job = Index::new(1, b, None, [1, 2, 3], (), (1, String::new()), "x".into(), "y", vec![], 'c', 0.5, l);
    assert_eq!(job.h, "y");
    Ok(())
}
