//! Arguments come back as they were enqueued, or are refused.

use std::collections::{BTreeMap, HashMap};

use jobs_core::{BoxError, Context, Job, PropagatedValues, Settings, arguments_of, perform_stored};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::setup::{block_on, context_of, execution, note, noted};

/// A job that takes anything.
#[derive(Serialize, Deserialize)]
#[serde(bound = "T: Serialize + DeserializeOwned")]
struct Take<T> {
    value: T,
    note: u8,
}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Job for Take<T> {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("take").version(2);

    async fn perform(self, context: &Context) -> Result<(), std::fmt::Error> {
        note(context, &serde_json::to_string(&self.value).map_err(|_| std::fmt::Error)?);
        Ok(())
    }

    fn upgrade(mut arguments: Value, _: u32) -> Result<Value, BoxError> {
        arguments.as_object_mut().ok_or("no object")?.insert("note".to_owned(), json!(1));
        Ok(arguments)
    }
}

fn take<T>(value: T) -> Take<T> {
    Take { value, note: 0 }
}

fn refused<T: Serialize + DeserializeOwned + Send + Sync + 'static>(value: T) -> String {
    let error = arguments_of(&take(value)).expect_err("it cannot come back");
    assert!(error.is_invalid(), "{error}");
    error.to_string()
}

#[derive(Serialize, Deserialize)]
struct Price {
    amount: Option<f64>,
    rate: Option<f32>,
}

#[derive(Serialize, Deserialize)]
enum Shape {
    Line(Option<f64>, u8),
    Point { x: Option<f64> },
}

#[test]
fn a_number_that_is_infinite_or_nan_is_refused_wherever_it_stands() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let words = [
            refused(Some(number)),
            refused(vec![Some(1.0), None, Some(number)]),
            refused(HashMap::from([("a", Some(number))].map(|(key, value)| (key.to_owned(), value)))),
            refused(Price { amount: Some(number), rate: None }),
            refused(Price { amount: None, rate: Some(f32::INFINITY) }),
            refused(Price { amount: None, rate: Some(f32::NAN) }),
            refused((1, Some(Some(number)))),
            refused(Shape::Line(Some(number), 1)),
            refused(Shape::Point { x: Some(number) }),
            refused(BTreeMap::from([(1, vec![Price { amount: Some(number), rate: None }])])),
        ];
        for words in words {
            assert!(words.contains("infinite or NaN"), "{words}");
        }
        assert!(refused(number).contains("infinite or none"));
    }
}

#[test]
fn what_is_none_comes_back_as_none() {
    assert_eq!(arguments_of(&take(None::<f64>)).unwrap(), r#"{"value":null,"note":0}"#);
    assert!(arguments_of(&take(Price { amount: None, rate: Some(1.5) })).is_ok());
    assert!(arguments_of(&take(json!({"a": null}))).is_ok());
}

#[test]
fn a_some_of_nothing_is_refused_wherever_it_stands() {
    let words = [
        refused(Some(None::<u8>)),
        refused(Some(())),
        refused(vec![None, Some(None::<String>)]),
        refused((1, Some(Value::Null))),
        refused(BTreeMap::from([("a".to_owned(), Some(Some(None::<u8>)))])),
    ];
    for words in words {
        assert!(words.contains("a `Some` of nothing"), "{words}");
    }
    assert!(arguments_of(&take(vec![None, Some(Some(1))])).is_ok(), "what is there comes back");
}

/// Writes NaN as `null`, and reads `null` as NaN.
#[derive(Serialize, Deserialize)]
struct Own(#[serde(deserialize_with = "nan_or")] f64);

fn nan_or<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Option::deserialize(deserializer).map(|number| number.unwrap_or(f64::NAN))
}

#[test]
fn a_type_that_reads_null_as_nan_may_be_nan() {
    assert!(arguments_of(&take(Own(f64::NAN))).is_ok());
    assert!(refused(Own(f64::INFINITY)).contains("infinite or NaN"));
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, at| if at % 2 == 0 { json!([inner]) } else { json!({ "[": inner }) })
}

#[test]
fn arguments_that_are_nested_too_deep_to_be_read_are_refused() {
    for depth in [127, 128, 200, 1000] {
        let words = refused(nested(depth));
        assert!(words.contains("more than 127 lists and objects inside one another"), "{words}");
    }
    let deepest = arguments_of(&take(nested(126))).unwrap();
    let mut stored = execution(&deepest);
    stored.version = 2;
    block_on(perform_stored::<Take<Value>>(&context_of(stored), &jobs_core::Policy::new())).unwrap();
    assert!(arguments_of(&take("[".repeat(500))).is_ok(), "brackets in a text are no lists");
}

fn performed<T: Serialize + DeserializeOwned + Send + Sync + 'static>(text: &str, version: u32) -> String {
    let mut stored = execution(text);
    stored.version = version;
    let context = context_of(stored);
    block_on(perform_stored::<Take<T>>(&context, &jobs_core::Policy::new())).expect("it can be read");
    noted(&context).concat()
}

#[test]
fn numbers_of_all_types_come_back_exactly_also_through_an_upgrade() {
    for number in [u128::MAX, 118_446_744_073_709_551_615, 1] {
        let text = arguments_of(&take(number)).unwrap();
        assert_eq!(performed::<u128>(&text, 2), number.to_string());
        assert_eq!(performed::<u128>(&text, 1), number.to_string());
    }
    for number in [0.1 + 0.2, f64::MIN_POSITIVE, f64::MAX, 5e-324, 9_007_199_254_740_993.0, 1.184_467_440_737_095_7e20]
    {
        let text = arguments_of(&take(number)).unwrap();
        for version in [1, 2] {
            assert_eq!(performed::<f64>(&text, version).parse::<f64>().unwrap().to_bits(), number.to_bits());
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Share(f64);

impl jobs_core::Propagated for Share {
    const KEY: &'static str = "share";
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Account(u128);

impl jobs_core::Propagated for Account {
    const KEY: &'static str = "account";
}

#[test]
fn propagated_values_come_back_exactly_or_are_refused() {
    let mut values = PropagatedValues::new();
    values.put(&Account(u128::MAX));
    let text = values.to_meta().unwrap().to_text().unwrap();
    assert_eq!(PropagatedValues::stored(&text).get::<Account>(), Some(Account(u128::MAX)));
    values.put(&Share(f64::NAN));
    assert!(values.to_meta().unwrap_err().to_string().contains("`share`"));
}
