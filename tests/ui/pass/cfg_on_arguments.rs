//! A `#[cfg]` on a stored or a provided argument removes it from the struct, the methods and the call.
#![deny(warnings)]

use jobs::prelude::*;

#[cfg(any())]
struct Missing;

struct Shop;

#[job]
async fn deliver(
    to: u64,
    #[cfg(any())] gone: Missing,
    #[cfg(all())]
    #[cfg_attr(all(), serde(rename = "held"))]
    #[cfg_attr(any(), serde(rename = "lost"))]
    kept: String,
    #[cfg(any())]
    #[default]
    gone_too: Missing,
    #[cfg(all())]
    #[default = 3]
    copies: u32,
    #[cfg(any())] provided: &Missing,
    #[cfg(all())] shop: &Shop,
) -> Result<(), std::io::Error> {
    let Shop = shop;
    drop((to, kept, copies));
    Ok(())
}

#[job]
async fn choose(#[cfg(all())] way: u64, #[cfg(any())] way: String) -> Result<(), std::io::Error> {
    assert!(way > 0);
    Ok(())
}

fn main() -> Result<(), jobs::Error> {
    assert_eq!(Deliver::new(1, "x").arguments()?, r#"{"to":1,"held":"x","copies":3}"#);
    assert_eq!(Deliver::REQUIRES.len(), 1);
    assert_eq!(Choose::new(2).arguments()?, r#"{"way":2}"#);
    Ok(())
}
