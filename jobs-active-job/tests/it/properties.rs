//! Properties of all values.

use jobs_active_job::{GlobalId, Hash, HashKind, Rails, SerializedJob, Value, from_ruby, to_ruby};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::value::RawValue;

fn raw(text: String) -> Box<RawValue> {
    RawValue::from_string(text).expect("JSON")
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..6).prop_map(|chars| chars.into_iter().collect())
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        ("[1-9][0-9]{0,40}", "[0-9]{1,40}").prop_map(|(whole, fraction)| format!("{whole}.{fraction}")),
        ("[1-9]", "[1-9][0-9]{0,2}").prop_map(|(digit, exponent)| format!("{digit}e{exponent}")),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        number().prop_map(|number| Value::Plain(raw(number))),
        text().prop_map(|text| Value::Plain(raw(serde_json::Value::from(text).to_string()))),
        text().prop_map(Value::Symbol),
        text().prop_map(Value::Decimal),
        text().prop_map(Value::Module),
        (text(), prop::option::of(text())).prop_map(|(time, zone)| Value::ZonedTime { time, zone }),
        ("[a-z]{1,5}", "[A-Z][a-z:]{0,5}", text())
            .prop_map(|(app, model, id)| { Value::GlobalId(GlobalId::new(app, model, format!("x{id}"))) }),
        (number(), prop::collection::vec((text(), number().prop_map(raw)), 0..3))
            .prop_map(|(seconds, parts)| Value::Duration { seconds: raw(seconds), parts }),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 32, 4, |inner| {
        let key = text().prop_filter("reserved", |key| !key.starts_with("_aj_"));
        let entries = prop::collection::vec((key, inner.clone()), 0..4);
        let kind = prop_oneof![
            prop::collection::vec(text(), 0..3).prop_map(HashKind::Keys),
            prop::collection::vec(text(), 0..3).prop_map(HashKind::Keywords),
            Just(HashKind::Indifferent),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            (kind, entries).prop_map(|(kind, entries)| Value::Hash(Hash::new(kind, entries))),
            (inner.clone(), inner, any::<bool>()).prop_map(|(begin, end, exclude_end)| Value::Range {
                begin: Box::new(begin),
                end: Box::new(end),
                exclude_end
            }),
        ]
    })
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let plain = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    plain.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// The same values in each run, so that a failure shows again.
fn reproducible() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(15), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(reproducible())]

    #[test]
    fn a_value_is_read_as_it_was_written(value in value()) {
        let written = value.to_json(Rails::default()).unwrap();
        let read = Value::parse(&written).unwrap();
        prop_assert_eq!(read.to_json(Rails::default()).unwrap(), written);
        let same_kind = std::mem::discriminant(&read) == std::mem::discriminant(&value);
        prop_assert!(same_kind, "{:?}", read);
    }

    #[test]
    fn a_value_as_a_parameter_of_a_job_reaches_ruby_unchanged(value in value()) {
        let stored = serde_json::to_string(&[&value]).unwrap();
        let ruby = to_ruby(&stored, None, Rails::default()).unwrap();
        prop_assert_eq!(ruby, format!("[{}]", value.to_json(Rails::default()).unwrap()));
    }

    #[test]
    fn plain_json_survives_the_way_to_ruby_and_back(values in prop::collection::vec(json(), 0..4)) {
        let stored = serde_json::to_string(&values).unwrap();
        let ruby = to_ruby(&stored, None, Rails::default()).unwrap();
        let back: Vec<serde_json::Value> = serde_json::from_str(&from_ruby(&ruby).unwrap()).unwrap();
        prop_assert_eq!(back, values);
    }

    #[test]
    fn an_object_without_known_keys_is_written_back_byte_for_byte(keys in prop::collection::vec((text(), json()), 0..5)) {
        let fields = keys.iter().map(|(key, value)| format!("{}:{value}", serde_json::Value::from(key.as_str())));
        let text = format!("{{{}}}", fields.collect::<Vec<_>>().join(","));
        prop_assert_eq!(SerializedJob::parse(&text).unwrap().to_string(), text);
    }

    #[test]
    fn no_text_ends_in_a_panic(text in ".{0,40}", inner in json()) {
        let _ = Value::parse(&text);
        let _ = from_ruby(&text);
        let _ = SerializedJob::parse(&text);
        let mut tagged = serde_json::json!({"_aj_serialized": "ActiveJob::Serializers::RangeSerializer"});
        tagged["begin"] = inner.clone();
        tagged["value"] = inner;
        let _ = Value::parse(&tagged.to_string());
    }
}
