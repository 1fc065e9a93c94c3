//! Arguments that are redacted, or make a job unique, under other names than those of their parameters.
#![deny(warnings)]

use jobs::prelude::*;

#[job(redact(card, r#pin), unique(by = order, until = done))]
async fn pay(
    #[serde(rename = "orderId")] order: u64,
    #[serde(rename(serialize = "creditCard", deserialize = "credit_card"), alias = "cc", alias = "pan")] card: String,
    #[serde(default)] r#pin: Option<u16>,
    #[serde(rename(deserialize = "memo"))] note: String,
) {
    drop((order, card, pin, note));
}

macro_rules! job_of {
    ($name:literal) => {
        #[job(redact(card))]
        async fn by_a_macro(#[serde(rename = $name)] card: String) {
            drop(card);
        }
    };
}

job_of!("creditCard");

fn main() {
    let settings = Pay::SETTINGS;
    assert_eq!(settings.redact, ["creditCard", "credit_card", "cc", "pan", "pin"]);
    assert_eq!(settings.redact_except, Some(&["orderId", "note", "memo"][..]));
    assert_eq!(settings.unique.map(|unique| unique.arguments()), Some(&["orderId"][..]));
    assert_eq!(ByAMacro::SETTINGS.redact, ["creditCard"]);
}
