//! Times, collections and user-defined types arrive as they were.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};
use jobs::PerformNow;
use jobs::policy::Outcome;
use jobs::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Value, json};

use crate::arguments::support::{arrived, arrives, carrier, refused};
use crate::fixture::{CallLog, Fixture};

carrier!(take_duration, TakeDuration, Duration);
carrier!(take_date, TakeDate, NaiveDate);
carrier!(take_local_time, TakeLocalTime, DateTime<FixedOffset>);
carrier!(take_time, TakeTime, DateTime<Utc>);
carrier!(take_values, TakeValues, Vec<Value>);
carrier!(take_map, TakeMap, BTreeMap<String, u32>);
carrier!(take_pairs, TakePairs, HashMap<(u8, u8), u8>);
carrier!(take_nested_pairs, TakeNestedPairs, Vec<Option<BTreeMap<(u8, u8), u8>>>);
carrier!(take_price, TakePrice, Price);
carrier!(take_span, TakeSpan, CalendarSpan);
carrier!(take_user, TakeUser, UserId);
carrier!(take_users, TakeUsers, (Vec<UserId>, BTreeMap<String, UserId>));
carrier!(take_payment, TakePayment, Payment);

pub(crate) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// 2002-10-31T02:02:02.123456789+02:00.
pub(crate) fn local_time() -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(2 * 3600).unwrap();
    let time = date(2002, 10, 31).and_hms_nano_opt(2, 2, 2, 123_456_789).unwrap();
    zone.from_local_datetime(&time).unwrap()
}

#[tokio::test]
async fn a_duration_of_a_day_arrives() {
    arrives!(TakeDuration, Duration::from_secs(86_400), Duration::from_nanos(1), Duration::MAX);
}

#[tokio::test]
async fn a_calendar_date_arrives() {
    arrives!(TakeDate, date(2001, 2, 3), date(1, 1, 1));
}

#[tokio::test]
async fn a_time_arrives_with_its_nanoseconds_and_its_offset() {
    arrives!(TakeLocalTime, local_time());
}

#[tokio::test]
async fn a_time_in_universal_time_arrives_with_its_nanoseconds() {
    arrives!(TakeTime, local_time().with_timezone(&Utc));
}

#[tokio::test]
async fn a_time_keeps_its_own_zone_and_instant_wherever_it_is_read() {
    let (seen, stored) = arrived(TakeLocalTime { value: local_time() }).await;
    let read: TakeLocalTime = serde_json::from_str(&stored).unwrap();
    assert_eq!((read.value, read.value.offset().local_minus_utc()), (local_time(), 7200));
    assert!(seen.ends_with("+02:00"), "{seen}");
}

#[tokio::test]
async fn a_list_of_mixed_values_arrives() {
    arrives!(TakeValues, vec![json!(1), json!("a"), json!(1.5), json!(null), json!([true]), json!({"k": {"l": []}})]);
}

#[tokio::test]
async fn a_map_with_texts_as_keys_arrives() {
    arrives!(TakeMap, BTreeMap::from([("a".to_owned(), 1), (String::new(), 2), ("_aj_symbol_keys".to_owned(), 3)]));
}

#[tokio::test]
async fn a_map_whose_keys_are_no_texts_is_refused_also_deep_inside() {
    let words = refused(TakePairs { value: HashMap::from([((1, 2), 3)]) }).await;
    assert!(words.contains("`take_pairs`") && words.contains("key must be a string"), "{words}");
    let words = refused(TakeNestedPairs { value: vec![None, Some(BTreeMap::from([((1, 2), 3)]))] }).await;
    assert!(words.contains("`take_nested_pairs`") && words.contains("key must be a string"), "{words}");
}

/// A decimal with a form of its own: as text, so that no digit is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Price {
    cents: i64,
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{}.{:02}", self.cents / 100, self.cents % 100))
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let cents = text.split_once('.').and_then(|(whole, part)| format!("{whole}{part}").parse().ok());
        cents.map(|cents| Self { cents }).ok_or_else(|| de::Error::custom(format!("`{text}` is no price")))
    }
}

#[tokio::test]
async fn a_decimal_is_stored_in_the_form_of_its_type_and_restored_by_it() {
    arrives!(TakePrice, Price { cents: 500 }, Price { cents: 1 });
    assert_eq!(arrived(TakePrice { value: Price { cents: 500 } }).await.1, r#"{"value":"5.00"}"#);
}

/// A duration whose length depends on the calendar: its parts are kept.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CalendarSpan {
    years: u32,
    days: i32,
}

impl CalendarSpan {
    fn after(&self, date: NaiveDate) -> NaiveDate {
        let months = chrono::Months::new(self.years * 12);
        date + months + chrono::TimeDelta::days(i64::from(self.days))
    }
}

#[tokio::test]
async fn a_duration_of_a_year_arrives_with_its_parts_and_leap_years() {
    arrives!(TakeSpan, CalendarSpan { years: 1, days: -3 });
    let (_, stored) = arrived(TakeSpan { value: CalendarSpan { years: 1, days: 0 } }).await;
    let read: TakeSpan = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.value.after(date(2023, 3, 1)), date(2024, 3, 1), "366 days");
}

/// The id stands for the record. A record that was never saved has no id.
#[derive(Clone, Debug, PartialEq)]
struct UserId(Option<u64>);

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.ok_or_else(|| ser::Error::custom("this User was never saved and has no id"))?.serialize(to)
    }
}

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        u64::deserialize(from).map(|id| Self(Some(id)))
    }
}

#[tokio::test]
async fn a_record_is_sent_as_its_id_and_comes_back_equal() {
    arrives!(TakeUser, UserId(Some(9)));
    assert_eq!(arrived(TakeUser { value: UserId(Some(9)) }).await.1, r#"{"value":9}"#);
}

#[tokio::test]
async fn records_in_lists_and_maps_are_sent_as_their_ids_and_come_back() {
    arrives!(TakeUsers, (vec![UserId(Some(1)), UserId(Some(2))], BTreeMap::from([("a".to_owned(), UserId(Some(3)))])));
    let value = (vec![UserId(Some(1))], BTreeMap::from([("a".to_owned(), UserId(Some(3)))]));
    assert_eq!(arrived(TakeUsers { value }).await.1, r#"{"value":[[1],{"a":3}]}"#);
}

#[tokio::test]
async fn a_record_without_an_id_is_refused_by_its_name() {
    let words = refused(TakeUser { value: UserId(None) }).await;
    assert!(words.contains("`take_user`") && words.contains("this User was never saved and has no id"), "{words}");
}

/// Values that carry the name of their form.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Payment {
    Card { number: String },
    Cash,
}

#[tokio::test]
async fn a_tagged_value_is_stored_with_its_tag_and_its_fields_and_restored() {
    arrives!(TakePayment, Payment::Card { number: "4111".to_owned() }, Payment::Cash);
    let (_, stored) = arrived(TakePayment { value: Payment::Card { number: "4111".to_owned() } }).await;
    assert_eq!(stored, r#"{"value":{"kind":"card","number":"4111"}}"#);
}

async fn unread(arguments: &str) -> String {
    let fixture = Fixture::new();
    let id = fixture.store_raw("take_payment", arguments, |_| {}).await;
    let builder = fixture.builder_logging(&CallLog::default(), jobs::jobs![TakePayment]);
    let _running = builder.build().await.unwrap().start().await.unwrap();
    let record = fixture.reaches(id, jobs::State::Failed).await;
    assert_eq!(record.errors[0].class, "jobs::DeserializeError", "{record:?}");
    record.errors[0].message.clone()
}

#[tokio::test]
async fn a_missing_or_unknown_tag_is_reported_with_field_and_name() {
    let words = unread(r#"{"value":{"number":"4111"}}"#).await;
    assert!(words.contains("value: missing field `kind`"), "{words}");
    let words = unread(r#"{"value":{"kind":"cheque"}}"#).await;
    assert!(words.contains("unknown variant `cheque`"), "{words}");
}

#[tokio::test]
async fn a_stored_value_of_another_form_is_a_decoding_error() {
    for stored in [r#"{"value":7}"#, r#"{"value":["card"]}"#, r#"{"value":{"kind":{}}}"#, r#"{"value":null}"#] {
        assert!(unread(stored).await.contains("the arguments cannot be read"), "{stored}");
    }
}

/// Finds its record itself, and distinguishes "gone" from "cannot be read now".
#[derive(Debug)]
enum Lookup {
    Gone(u64),
    Unavailable,
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(id) => write!(f, "there is no user {id} any more"),
            Self::Unavailable => f.write_str("the database does not answer"),
        }
    }
}

impl std::error::Error for Lookup {}

#[job(discard_on(Lookup::Gone(_)), retry_on(Lookup::Unavailable, wait = 5s, jitter = 0.0))]
async fn greet_user(id: u64) -> Result<(), Lookup> {
    if id == 404 { Err(Lookup::Gone(id)) } else { Err(Lookup::Unavailable) }
}

async fn outcome(id: u64) -> Outcome {
    let jobs = Fixture::new().builder(jobs::jobs![GreetUser]).build().await.unwrap().client();
    GreetUser::perform_now(id).on(&jobs).outcome().await.unwrap()
}

#[tokio::test]
async fn a_record_that_is_gone_is_an_error_of_its_own_that_a_rule_names() {
    assert_eq!(outcome(404).await, Outcome::Discarded);
}

#[tokio::test]
async fn a_failed_lookup_of_a_record_is_another_error_than_a_missing_record() {
    assert_eq!(outcome(1).await, Outcome::Retried { wait: Duration::from_secs(5) });
}

/// Arguments by name, some with a default.
#[job]
async fn count_down(from: u32, #[default = 1] by: u32, #[default] label: Option<String>) -> Result<String, Lookup> {
    Ok(format!("{from} {by} {label:?}"))
}

#[tokio::test]
async fn arguments_given_by_name_work_with_perform_now() {
    let jobs = Fixture::new().builder(jobs::jobs![CountDown]).build().await.unwrap().client();
    let named = CountDown::new(10).by(2).label(Some("start".to_owned()));
    assert_eq!(PerformNow::new(named).on(&jobs).await.unwrap(), r#"10 2 Some("start")"#);
    assert_eq!(CountDown::perform_now(10).on(&jobs).await.unwrap(), "10 1 None");
}
