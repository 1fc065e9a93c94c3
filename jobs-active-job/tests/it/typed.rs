//! Types of Ruby as parameters of jobs in Rust.

use chrono::{FixedOffset, NaiveDate, TimeZone, Utc};
use jobs_active_job::ruby::{
    Date, DateTime, Decimal, Duration, Indifferent, Keywords, Module, Range, Symbol, SymbolKeys, Time, ZonedTime,
};
use jobs_active_job::{GlobalId, Rails, Value, from_ruby, to_ruby};
use jobs_core::job::reserved_key;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

#[derive(Serialize, Deserialize)]
struct Job<T> {
    argument: T,
}

/// What Ruby reads as the only argument of a job, and what the job reads when Ruby passes that.
fn both_ways<T: Serialize + DeserializeOwned>(argument: T) -> (String, T) {
    let stored = serde_json::to_string(&Job { argument }).unwrap();
    // Our own stores keep the same text.
    let _own: Job<T> = serde_json::from_str(&stored).unwrap();
    let ruby = to_ruby(&stored, None, Rails::default()).unwrap();
    let back = from_ruby(&ruby).unwrap();
    let (argument,) = serde_json::from_str(&back).unwrap();
    (ruby, argument)
}

fn serialized(serializer: &str, rest: &str) -> String {
    format!(r#"[{{"_aj_serialized":"ActiveJob::Serializers::{serializer}Serializer",{rest}}}]"#)
}

#[test]
fn scalars_are_written_as_ruby_writes_them_and_read_back() {
    let (ruby, back) = both_ways(Symbol::new("card"));
    assert_eq!((ruby, back.as_str()), (serialized("Symbol", r#""value":"card""#), "card"));
    let (ruby, back) = both_ways(Decimal::new("0.10000000000000000000001"));
    assert_eq!(ruby, serialized("BigDecimal", r#""value":"0.10000000000000000000001""#));
    assert_eq!(back.as_str(), "0.10000000000000000000001");
    let (ruby, back) = both_ways(Module::new("Deep::Klass"));
    assert_eq!((ruby, back.as_str()), (serialized("Module", r#""value":"Deep::Klass""#), "Deep::Klass"));
    let user = GlobalId::new("shop", "User", 9);
    assert_eq!(both_ways(user.clone()), (r#"[{"_aj_globalid":"gid://shop/User/9"}]"#.to_owned(), user));
}

#[test]
fn times_are_written_with_nanoseconds_and_offset_and_read_back() {
    let time = FixedOffset::east_opt(7200).unwrap().with_ymd_and_hms(2002, 10, 31, 2, 2, 2).unwrap();
    let time = time + chrono::Duration::nanoseconds(123_456_789);
    let (ruby, back) = both_ways(Time(time));
    assert_eq!(ruby, serialized("Time", r#""value":"2002-10-31T02:02:02.123456789+02:00""#));
    assert_eq!(back.0, time);
    let utc = Utc.with_ymd_and_hms(2002, 10, 31, 2, 2, 2).unwrap();
    assert_eq!(both_ways(Time::new(&utc)).0, serialized("Time", r#""value":"2002-10-31T02:02:02.000000000Z""#));
    let (ruby, _) = both_ways(DateTime(Time::new(&utc).0));
    assert_eq!(ruby, serialized("DateTime", r#""value":"2002-10-31T02:02:02.000000000+00:00""#));
    let (ruby, back) = both_ways(ZonedTime::new(&utc, "Etc/UTC"));
    let zoned = r#""value":"2002-10-31T02:02:02.000000000Z","time_zone":"Etc/UTC""#;
    assert_eq!((ruby, back.time.to_utc()), (serialized("TimeWithZone", zoned), utc));
    let date = Date(NaiveDate::from_ymd_opt(2001, 2, 3).unwrap());
    assert_eq!(both_ways(date), (serialized("Date", r#""value":"2001-02-03""#), date));
}

#[test]
fn durations_and_ranges_are_written_as_ruby_writes_them() {
    let (ruby, back) = both_ways(Duration::of_parts(2_629_746, [("months", 1)]));
    let month = r#"[[{"_aj_serialized":"ActiveJob::Serializers::SymbolSerializer","value":"months"},1]]"#;
    assert_eq!(ruby, serialized("Duration", &format!(r#""value":2629746,"parts":{month}"#)));
    assert!((back.as_secs_f64() - 2_629_746.0).abs() < f64::EPSILON);
    let range = Range::excluding_end(Some(1), None);
    assert_eq!(both_ways(range.clone()), (serialized("Range", r#""begin":1,"end":null,"exclude_end":true"#), range));
    let begin = Symbol::new("a");
    let (ruby, back) = both_ways(Range::new(Some(begin.clone()), None));
    assert!(ruby.contains(r#""begin":{"_aj_serialized":"ActiveJob::Serializers::SymbolSerializer","value":"a"}"#));
    assert_eq!(back.begin, Some(begin));
}

#[test]
fn the_keys_of_hashes_are_of_the_kind_of_their_type() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Options {
        force: bool,
        user: GlobalId,
    }
    let options = || Options { force: true, user: GlobalId::new("shop", "User", 1) };
    let fields = r#""force":true,"user":{"_aj_globalid":"gid://shop/User/1"}"#;
    let marked = |mark: &str| format!("[{{{fields},{mark}}}]");
    assert_eq!(
        both_ways(SymbolKeys(options())),
        (marked(r#""_aj_symbol_keys":["force","user"]"#), SymbolKeys(options()))
    );
    assert_eq!(both_ways(Indifferent(options())).0, marked(r#""_aj_hash_with_indifferent_access":true"#));
    assert_eq!(
        both_ways(vec![Keywords(options())]).0,
        format!("[{}]", marked(r#""_aj_ruby2_keywords":["force","user"]"#))
    );
    assert_eq!(both_ways(options()), (marked(r#""_aj_symbol_keys":[]"#), options()));
}

#[test]
fn types_of_rust_read_what_ruby_passes() {
    let ruby = format!(
        "[{},{},7]",
        r#"{"_aj_serialized":"ActiveJob::Serializers::SymbolSerializer","value":"card"}"#,
        r#"{"_aj_serialized":"ActiveJob::Serializers::TimeWithZoneSerializer","value":"2024-07-04T12:00:00.000000001-04:00","time_zone":"America/New_York"}"#
    );
    let (method, at, id): (String, chrono::DateTime<Utc>, u64) =
        serde_json::from_str(&from_ruby(&ruby).unwrap()).unwrap();
    assert_eq!((method.as_str(), at.timestamp_subsec_nanos(), id), ("card", 1, 7));
}

#[test]
fn a_plain_value_is_read_where_a_type_of_ruby_is_expected() {
    assert_eq!(serde_json::from_str::<Symbol>(r#""a""#).unwrap(), Symbol::new("a"));
    assert_eq!(serde_json::from_str::<Decimal>("1.50").unwrap().as_str(), "1.50");
    assert_eq!(serde_json::from_str::<Duration>("90").unwrap(), Duration::from_secs(90));
    for text in ["null", "7", "[]", r#"{"a":1}"#] {
        let error = serde_json::from_str::<GlobalId>(text).unwrap_err();
        assert!(error.to_string().contains("expected the id of a record"), "{error}");
    }
    assert!(serde_json::from_str::<GlobalId>(r#""http://shop""#).is_err());
    assert!(serde_json::from_str::<Time>(r#""yesterday""#).is_err());
}

fn found<T: Serialize>(value: &T) -> Option<String> {
    reserved_key(value, &serde_json::to_string(value).unwrap())
}

#[test]
fn keys_that_begin_with_aj_are_allowed_only_in_types_of_ruby() {
    assert_eq!(found(&[Some(GlobalId::new("shop", "User", 1))]), None);
    let refused = json!({"deep": [{"_aj_globalid": "gid://shop/Admin/1"}]});
    let raw = RawValue::from_string(r#"{"\u005faj_serialized":"X"}"#.to_owned()).unwrap();
    assert_eq!(found(&refused).as_deref(), Some("_aj_globalid"));
    assert_eq!(found(&raw).as_deref(), Some("_aj_serialized"));
    assert_eq!(found(&Some(refused.clone())).as_deref(), Some("_aj_globalid"));
    // A type of Ruby around it does not hide it.
    assert!(serde_json::to_string(&SymbolKeys(&refused)).is_err());
    assert!(serde_json::to_string(&Range::new(Some(&refused), None)).is_err());
    assert!(Value::of(&refused).is_err());
}
