//! Arguments that serde writes and could not read again are refused at the enqueue; numbers and keys at the edge arrive.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::arguments::support::{arrives, carrier, refused};

/// An empty list is left out when it is written, and missed when it is read.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<u32>,
}

/// A map beside a field: the map may hold the key of the field.
#[derive(Debug, Serialize, Deserialize)]
struct Labelled {
    label: String,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

/// Flattened numbers are read through serde's own form of values, which has 64 bits.
#[derive(Debug, Serialize, Deserialize)]
struct Account {
    #[serde(flatten)]
    balance: Balance,
}

#[derive(Debug, Serialize, Deserialize)]
struct Balance {
    units: u128,
}

#[derive(Debug, Serialize, Deserialize)]
struct OneWay {
    #[serde(rename(serialize = "written", deserialize = "read"))]
    number: u32,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Colour {
    DarkRed,
}

type Keys = (BTreeMap<i128, u8>, BTreeMap<bool, u8>, BTreeMap<char, u8>, BTreeMap<Colour, u8>);

carrier!(take_order, TakeOrder, Order);
carrier!(take_labelled, TakeLabelled, Labelled);
carrier!(take_account, TakeAccount, Account);
carrier!(take_one_way, TakeOneWay, OneWay);
carrier!(take_float, TakeFloat, f64);
carrier!(take_small_float, TakeSmallFloat, f32);
carrier!(take_wide, TakeWide, (u128, i128));
carrier!(take_keys, TakeKeys, Keys);

#[tokio::test]
async fn what_serde_writes_and_does_not_read_is_refused_at_the_enqueue() {
    let words = refused(TakeOrder { value: Order { lines: Vec::new() } }).await;
    assert!(words.contains("missing field `lines`") && words.contains("`default`"), "{words}");
    let others = BTreeMap::from([("label".to_owned(), "b".to_owned())]);
    let words = refused(TakeLabelled { value: Labelled { label: "a".to_owned(), others } }).await;
    assert!(words.contains("duplicate field `label`"), "{words}");
    let words = refused(TakeAccount { value: Account { balance: Balance { units: 1 } } }).await;
    assert!(words.contains("u128 is not supported"), "{words}");
    let words = refused(TakeOneWay { value: OneWay { number: 1 } }).await;
    assert!(words.contains("missing field `read`"), "{words}");
}

#[tokio::test]
async fn values_of_the_same_types_that_can_be_read_arrive() {
    arrives!(TakeOrder, Order { lines: vec![1] });
    let others = BTreeMap::from([("colour".to_owned(), "b".to_owned())]);
    arrives!(TakeLabelled, Labelled { label: "a".to_owned(), others });
}

#[tokio::test]
async fn numbers_at_the_edge_arrive() {
    arrives!(TakeFloat, -0.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1 + 0.2, 9_007_199_254_740_993.0);
    arrives!(TakeSmallFloat, -0.0, f32::MAX, f32::MIN_POSITIVE, 1e-45, 0.1);
    arrives!(TakeWide, (u128::MAX, i128::MIN));
}

#[tokio::test]
async fn keys_that_are_no_texts_and_have_one_arrive() {
    let flags = BTreeMap::from([(true, 1), (false, 2)]);
    let signs = BTreeMap::from([('\u{0}', 1), ('"', 2), ('\u{1F980}', 3)]);
    arrives!(TakeKeys, (BTreeMap::from([(i128::MIN, 1)]), flags, signs, BTreeMap::from([(Colour::DarkRed, 1)])));
}
