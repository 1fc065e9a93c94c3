//! Every kind of value of the format, by its JSON.

use jobs_active_job::{GlobalId, HashKind, Rails, Value};

/// The value of this JSON, which has to be written with the same bytes.
fn read(text: &str) -> Value {
    let value = Value::parse(text).unwrap();
    assert_eq!(value.to_json(Rails::default()).unwrap(), text);
    value
}

fn serialized(serializer: &str, rest: &str) -> String {
    format!(r#"{{"_aj_serialized":"ActiveJob::Serializers::{serializer}Serializer",{rest}}}"#)
}

#[test]
fn numbers_keep_every_digit() {
    for number in ["1", "-0", "1.0", "1.50", "1180591620717411303424", "1e400", "0.1000000000000000055511151231257827"]
    {
        assert!(matches!(read(number), Value::Plain(raw) if raw.get() == number));
    }
}

#[test]
fn texts_and_constants_stay_as_they_are() {
    for text in [r#""a""#, "null", "true", "false", r#""gid://shop/User/1""#, r#""\u00e9 \/""#] {
        assert!(matches!(read(text), Value::Plain(raw) if raw.get() == text));
    }
}

#[test]
fn symbols_decimals_dates_and_classes_are_told_apart() {
    assert!(matches!(read(&serialized("Symbol", r#""value":"a""#)), Value::Symbol(name) if name == "a"));
    assert!(matches!(read(&serialized("BigDecimal", r#""value":"-1.25""#)), Value::Decimal(n) if n == "-1.25"));
    assert!(matches!(read(&serialized("BigDecimal", r#""value":"NaN""#)), Value::Decimal(n) if n == "NaN"));
    assert!(matches!(read(&serialized("Date", r#""value":"2001-02-03""#)), Value::Date(date) if date == "2001-02-03"));
    assert!(matches!(read(&serialized("Module", r#""value":"Deep::Klass""#)), Value::Module(n) if n == "Deep::Klass"));
}

#[test]
fn times_keep_nanoseconds_offset_and_zone() {
    let time = "2002-10-31T02:02:02.123456789+02:00";
    assert!(matches!(read(&serialized("Time", &format!("\"value\":\"{time}\""))), Value::Time(t) if t == time));
    let time = "2001-02-03T04:05:06.123456000+00:00";
    assert!(matches!(read(&serialized("DateTime", &format!("\"value\":\"{time}\""))), Value::DateTime(t) if t == time));
    let zoned = r#""value":"2024-07-04T12:00:00.000000000-04:00","time_zone":"America/New_York""#;
    let Value::ZonedTime { time, zone } = read(&serialized("TimeWithZone", zoned)) else { panic!("no zoned time") };
    assert_eq!((time.as_str(), zone.as_deref()), ("2024-07-04T12:00:00.000000000-04:00", Some("America/New_York")));
    let older = serialized("TimeWithZone", r#""value":"2024-07-04T12:00:00.000000000-04:00""#);
    assert!(matches!(read(&older), Value::ZonedTime { zone: None, .. }));
}

#[test]
fn durations_keep_their_parts_in_order() {
    let part =
        |unit: &str, count: &str| format!("[{},{count}]", serialized("Symbol", &format!("\"value\":\"{unit}\"")));
    let parts = [part("years", "1"), part("months", "2"), part("days", "-3")].join(",");
    let text = serialized("Duration", &format!(r#""value":36556444.5,"parts":[{parts}]"#));
    let Value::Duration { seconds, parts } = read(&text) else { panic!("no duration") };
    assert_eq!(seconds.get(), "36556444.5");
    let parts: Vec<_> = parts.iter().map(|(unit, count)| (unit.as_str(), count.get())).collect();
    assert_eq!(parts, [("years", "1"), ("months", "2"), ("days", "-3")]);
}

#[test]
fn ranges_keep_open_ends_and_values_of_any_kind() {
    for (rest, excludes) in
        [(r#""begin":1,"end":5,"exclude_end":false"#, false), (r#""begin":1,"end":null,"exclude_end":true"#, true)]
    {
        assert!(
            matches!(read(&serialized("Range", rest)), Value::Range { exclude_end, .. } if exclude_end == excludes)
        );
    }
    let date = serialized("Date", r#""value":"2001-02-03""#);
    let range = read(&serialized("Range", &format!(r#""begin":{date},"end":null,"exclude_end":false"#)));
    assert!(matches!(range, Value::Range { begin, .. } if matches!(*begin, Value::Date(_))));
}

#[test]
fn records_keep_escaped_and_composite_ids() {
    let id = |text: &str| match read(&format!(r#"{{"_aj_globalid":"{text}"}}"#)) {
        Value::GlobalId(id) => id,
        other => panic!("{other:?}"),
    };
    assert_eq!(id("gid://shop/Person/5"), GlobalId::new("shop", "Person", 5));
    assert_eq!(id("gid://shop/Deep::Person/a+b%2Fc%3F"), GlobalId::new("shop", "Deep::Person", "a b/c?"));
    assert_eq!(id("gid://shop/CI/1/x%2Fy"), GlobalId::new("shop", "CI", 1).further_ids(["x/y"]));
}

#[test]
fn what_is_not_known_is_kept_byte_for_byte() {
    for text in [
        r#"{"_aj_serialized":"MoneySerializer", "amount":1.50,"currency":"EUR"}"#,
        r#"{"_aj_globalid":"no record"}"#,
        r#"{"_aj_globalid":"gid://shop/User/1?admin=1"}"#,
        r#"{"_aj_serialized":7}"#,
        &serialized("Symbol", r#""value":"a","more":1"#),
        &serialized("Symbol", r#""value":5"#),
        &serialized("Duration", r#""value":5,"parts":[["days",1]]"#),
    ] {
        assert!(matches!(read(text), Value::Other(raw) if raw.get() == text), "{text}");
    }
}

#[test]
fn a_record_with_another_key_is_a_plain_hash() {
    let value = read(r#"{"_aj_globalid":"gid://shop/User/1","other":2}"#);
    assert!(matches!(value, Value::Hash(hash) if hash.kind == HashKind::Unmarked && hash.entries.len() == 2));
}

#[test]
fn older_releases_get_the_forms_that_they_read() {
    let decimal = Value::Decimal("0.125e1".to_owned());
    assert_eq!(decimal.to_json(Rails::V6_1).unwrap(), r#""0.125e1""#);
    let time = "2024-07-04T12:00:00.000000000-04:00".to_owned();
    let zoned = Value::ZonedTime { time, zone: Some("America/New_York".to_owned()) };
    assert!(!zoned.to_json(Rails::V7_1).unwrap().contains("time_zone"));
    let range = Value::Range { begin: Box::new(Value::nil()), end: Box::new(Value::nil()), exclude_end: false };
    let error = range.to_json(Rails::V6_1).unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("Rails 7.1"), "{error}");
}

#[test]
fn text_that_is_not_json_and_deep_nesting_are_refused() {
    assert!(Value::parse("{").unwrap_err().is_corrupt());
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(Value::parse(&deep).unwrap_err().is_corrupt());
    let fits = "[".repeat(127) + &"]".repeat(127);
    assert!(Value::parse(&fits).is_ok());
}
