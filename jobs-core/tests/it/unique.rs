//! Unique keys, and when they are held.

use std::time::Duration;

use jobs_core::lifecycle::{Cause, MOVES};
use jobs_core::{HolderJob, JobId, KeyHolder, State, Timestamp, Unique, UniqueBy, UniqueKey, UniqueUntil};

const DONE: Unique = Unique::until(UniqueUntil::Done);
const HOUR: Duration = Duration::from_secs(3600);

fn key(name: &str, unique: Unique, arguments: &str) -> UniqueKey {
    UniqueKey::of(name, &unique, arguments, None).expect("the arguments are JSON").expect("it is held for some time")
}

fn keyed(name: &str, by: &UniqueBy) -> String {
    UniqueKey::of(name, &DONE, "{}", Some(by)).expect("the value is JSON").expect("it is held for some time").name()
}

#[test]
fn keys_that_are_stored_stay_the_same_in_later_versions() {
    let all = key("send_invoice", DONE, r#"{"invoice_id":42,"template":"x"}"#);
    assert_eq!(all.to_string(), "7f2a2d33-7b02-52e1-ad76-2f398f7e40ed:done");
    let one = key(
        "send_invoice",
        Unique::until(UniqueUntil::Start).by(&["invoice_id"]),
        r#"{"invoice_id":42,"template":"x"}"#,
    );
    assert_eq!(one.to_string(), "e9b8149b-169d-53b5-be35-159cd5d4a1f2:start");
    assert_eq!(keyed("send_invoice", &UniqueBy::value(&"customer 7")), "f8295e18-add0-584a-8dc9-e5d02714b7c1");
    let timed = key("send_invoice", Unique::lasting(HOUR), "null");
    assert_eq!(timed.to_string(), timed.name(), "without an event there is none in it");
}

#[test]
fn the_order_of_keys_and_the_space_between_make_no_difference_at_any_depth() {
    let one = r#"{"a":[{"x":1,"y":{"p":null,"q":"ü"}}],"b":true}"#;
    let other = "{ \"b\" : true, \"a\" : [ { \"y\" : { \"q\" : \"\\u00fc\", \"p\" : null }, \"x\" : 1 } ] }";
    assert_eq!(key("note", DONE, one), key("note", DONE, other));
}

#[test]
fn what_differs_makes_another_key() {
    let texts =
        ["{}", "[]", "null", r#"{"a":1}"#, r#"{"a":"1"}"#, r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, r#"{"a":1,"b":1}"#];
    for (place, one) in texts.iter().enumerate() {
        for other in &texts[place + 1..] {
            assert_ne!(key("note", DONE, one), key("note", DONE, other), "{one} and {other}");
        }
    }
    assert_ne!(key("a", DONE, "{}").name(), key("b", DONE, "{}").name(), "the job's name counts");
    assert_ne!(keyed("1:a", &UniqueBy::value(&1)), keyed("1", &UniqueBy::value(&"a:1")), "nothing runs together");
}

#[test]
fn only_the_arguments_that_are_named_count() {
    let by = DONE.by(&["b", "a"]);
    let same = key("note", by, r#"{"a":1,"b":2,"c":3}"#);
    assert_eq!(same, key("note", by, r#"{"c":"other","b":2,"a":1}"#));
    assert_eq!(same, key("note", DONE.by(&["a", "b"]), r#"{"a":1,"b":2}"#), "in whatever order they are named");
    assert_ne!(same, key("note", by, r#"{"a":2,"b":1}"#), "which value is whose counts");
}

#[test]
fn the_time_it_is_held_is_not_part_of_a_key() {
    let names = [DONE, Unique::until(UniqueUntil::Start), Unique::lasting(HOUR), DONE.for_at_most(HOUR)];
    let names = names.map(|unique| key("note", unique, "{}").name());
    assert!(names.iter().all(|name| *name == names[0] && name.len() == 36), "{names:?}");
}

#[test]
fn an_argument_that_is_missing_is_an_error_that_names_those_that_are_there() {
    for arguments in [r#"{"order":1,"card":2}"#, "[1]", "null"] {
        let error = UniqueKey::of("pay", &DONE.by(&["oder"]), arguments, None).expect_err("it is missing");
        assert!(error.is_invalid() && error.to_string().contains("`pay` is unique by `oder`"), "{error}");
    }
    let error = UniqueKey::of("pay", &DONE.by(&["oder"]), r#"{"order":1,"card":2}"#, None).expect_err("it is missing");
    assert!(error.to_string().contains("order") && error.to_string().contains("card"), "{error}");
    assert!(UniqueKey::of("pay", &DONE, "{", None).is_err(), "what is no JSON has no key");
}

#[test]
fn a_value_that_is_not_json_is_an_error() {
    let map = std::collections::BTreeMap::from([((1, 2), 3)]);
    let error = UniqueKey::of("pay", &DONE, "{}", Some(&UniqueBy::value(&map))).expect_err("its keys are no texts");
    assert!(error.is_invalid() && error.to_string().contains("`pay`"), "{error}");
}

#[test]
fn a_uniqueness_of_no_duration_has_no_key() {
    for unique in [Unique::lasting(Duration::ZERO), DONE.for_at_most(Duration::ZERO)] {
        assert_eq!(UniqueKey::of("note", &unique, "{}", None).expect("it is no error"), None);
    }
}

#[test]
fn what_is_said_at_the_enqueue_comes_before_the_declaration() {
    let declared = Unique::until(UniqueUntil::Start).by(&["a"]);
    let of = Unique::for_enqueue;
    assert_eq!(of(None, None, None, false), None);
    assert_eq!(of(None, None, None, true), Some(DONE), "a key alone is held until the end");
    assert_eq!(of(None, None, Some(HOUR), true), Some(Unique::lasting(HOUR)));
    assert_eq!(
        of(None, Some(UniqueUntil::Start), Some(HOUR), false),
        Some(Unique::until(UniqueUntil::Start).for_at_most(HOUR))
    );
    assert_eq!(of(Some(declared), None, None, true), Some(declared));
    assert_eq!(of(Some(declared), Some(UniqueUntil::Done), None, false), Some(DONE.by(&["a"])));
    assert_eq!(of(Some(declared), None, Some(HOUR), false), Some(declared.for_at_most(HOUR)));
}

/// Every move of the table by which a job that keeps nobody out would begin to.
fn moves_that_take(until: UniqueUntil) -> Vec<Cause> {
    let held = |state, was_claimed| until.holds(state, was_claimed);
    let taking = MOVES.iter().filter(|(from, cause, to)| {
        let claimed_before = [false, true].into_iter().filter(|claimed| *claimed || *from != State::Claimed);
        claimed_before.into_iter().any(|claimed| {
            let claimed_after = claimed || *cause == Cause::Claim;
            !held(*from, claimed) && held(*to, claimed_after)
        })
    });
    taking.map(|(_, cause, _)| *cause).collect()
}

#[test]
fn only_a_manual_retry_takes_a_released_key_again() {
    for until in [UniqueUntil::Start, UniqueUntil::Done] {
        assert_eq!(
            moves_that_take(until),
            [Cause::ManualRetry, Cause::ManualRetry],
            "{until}: from failed and discarded"
        );
    }
}

#[test]
fn a_hold_ends_with_its_event_or_its_time_whichever_comes_first() {
    let (job, now) = (JobId::from_bytes([1; 16]), Timestamp::from_micros(1_000_000));
    let hold = |unique| KeyHolder::new(&key("note", unique, "{}"), job, now);
    let of_job = |state, was_claimed| Some(HolderJob { state, was_claimed, expires_at: None });
    let (ready, done) = (of_job(State::Ready, false), of_job(State::Finished, true));
    let soon = now + HOUR - Duration::from_micros(1);
    for (unique, before, after) in [(DONE, true, true), (DONE.for_at_most(HOUR), true, false)] {
        assert_eq!(hold(unique).holds(ready, soon), before);
        assert_eq!(hold(unique).holds(ready, now + HOUR), after);
        assert!(!hold(unique).holds(done, now) && !hold(unique).holds(None, now), "its job is done, or gone");
    }
    let timed = hold(Unique::lasting(HOUR));
    assert!(timed.holds(done, soon) && timed.holds(None, soon) && !timed.holds(ready, now + HOUR));
    assert_eq!(hold(Unique::lasting(Duration::MAX)).expires_at.map(|at| at > now), Some(true), "it does not overflow");
}

#[test]
fn an_expired_job_that_waits_holds_no_key_and_one_that_is_claimed_does() {
    let (job, now) = (JobId::from_bytes([1; 16]), Timestamp::from_micros(1_000_000));
    let hold = KeyHolder::new(&key("note", DONE, "{}"), job, now);
    for (state, after) in [(State::Scheduled, false), (State::Ready, false), (State::Claimed, true)] {
        let held_at = |at| hold.holds(Some(HolderJob { state, was_claimed: true, expires_at: Some(now + HOUR) }), at);
        assert!(held_at(now + HOUR - Duration::from_micros(1)), "{state}");
        assert_eq!(held_at(now + HOUR), after, "{state}");
    }
    let timed = KeyHolder::new(&key("note", Unique::lasting(HOUR), "{}"), job, now);
    let waiting = HolderJob { state: State::Ready, was_claimed: false, expires_at: Some(now) };
    assert!(timed.holds(Some(waiting), now), "a key for a time is held in any state");
}

#[test]
fn a_manual_retry_takes_a_key_again_that_would_be_held() {
    let (start, done) =
        (key("note", Unique::until(UniqueUntil::Start), "{}"), key("note", DONE.for_at_most(HOUR), "{}"));
    let again = UniqueKey::key_on_retry(&done.to_string(), true).expect("it is held until the end");
    assert_eq!((again.name(), again.until(), again.lasting()), (done.name(), Some(UniqueUntil::Done), None));
    assert!(UniqueKey::key_on_retry(&start.to_string(), false).is_some(), "it never started");
    let none = [
        start.to_string(),
        key("note", Unique::lasting(HOUR), "{}").to_string(),
        "junk:done".to_owned(),
        "a:b".to_owned(),
    ];
    for stored in none.iter().map(String::as_str).chain(["", ":", "done"]) {
        assert_eq!(UniqueKey::key_on_retry(stored, true), None, "{stored}");
    }
    assert_eq!(UniqueKey::name_in(&done.to_string()), done.name());
}

#[test]
fn events_are_parsed_from_their_names() {
    for until in [UniqueUntil::Start, UniqueUntil::Done] {
        assert_eq!(UniqueUntil::parse(until.as_str()), Some(until));
    }
    assert_eq!(UniqueUntil::parse("never"), None);
}

#[test]
fn numbers_make_a_key_by_their_value_however_large_or_precise_they_are() {
    let of = |number: &str| key("pay", DONE, &format!(r#"{{"amount":{number}}}"#)).name();
    for (one, other) in [
        ("118446744073709551615", "118446744073709551616"),
        ("0.12345678901234567890", "0.12345678901234567891"),
        ("1e400", "1e401"),
        ("-118446744073709551615", "118446744073709551615"),
        ("1", "1.0"),
        ("0.30000000000000004", "0.3"),
    ] {
        assert_ne!(of(one), of(other), "{one} and {other}");
    }
    for (one, other) in [
        ("100000000000000000000", "1e20"),
        ("1.50", "15e-1"),
        ("118446744073709551615", "118446744073709551615.0"),
        ("1E+400", "10e399"),
    ] {
        assert_eq!(of(one), of(other), "{one} and {other}");
    }
}

#[test]
fn values_make_one_key_however_json_writes_them() {
    let of = |value: &str| key("pay", DONE, &format!(r#"{{"value":{value}}}"#)).name();
    for (one, other) in [
        ("0.0", "-0.0"),
        ("-0.0", "-0"),
        ("[0.0,18446744073709551616]", "[-0.0,18446744073709551616]"),
        ("-0e5", "0.000"),
        ("1e2", "100.0"),
        (r#""caf\u00e9""#, "\"caf\u{e9}\""),
        (r#""\ud83e\udd80\/""#, "\"\u{1f980}/\""),
        (r#"{"\u0061":1,"b":[{"c":1,"d":2}]}"#, r#"{ "b" : [ {"d":2, "c":1} ], "a":1 }"#),
        (
            r#"{"z":170141183460469231731687303715884105727,"a":{"y":1e0,"x":2}}"#,
            r#"{"a":{"x":2,"y":1.0},"z":170141183460469231731687303715884105727}"#,
        ),
    ] {
        assert_eq!(of(one), of(other), "{one} and {other}");
    }
    for (one, other) in [
        ("0", "0.0"),
        ("1e2", "100"),
        ("1", r#""1""#),
        ("9007199254740992", "9007199254740993"),
        ("18446744073709551615", "18446744073709551614"),
        ("-170141183460469231731687303715884105728", "-170141183460469231731687303715884105727"),
        ("null", r#""null""#),
        ("[1,2]", "[2,1]"),
        ("{}", "[]"),
        // One text in two forms of Unicode is two values: what reads them need not take them for one.
        (r#""caf\u00e9""#, r#""cafe\u0301""#),
        (r#"{"\u00e9":1}"#, r#"{"e\u0301":1}"#),
    ] {
        assert_ne!(of(one), of(other), "{one} and {other}");
    }
    let by = |value: f64| UniqueKey::of("pay", &DONE, "{}", Some(&UniqueBy::value(&[value]))).unwrap().unwrap();
    assert_eq!(by(0.0), by(-0.0));
}

#[test]
fn keys_of_long_numbers_that_a_double_holds_are_those_of_earlier_versions() {
    // As serde_json writes the value: what was hashed before long numbers were told apart.
    for (long, value) in [
        (r#"{"n":0.30000000000000004}"#, serde_json::json!({"n": 0.1 + 0.2})),
        (r#"{"n":1.5e300}"#, serde_json::json!({"n": 1.5e300})),
        (r#"{"n":18446744073709551615}"#, serde_json::json!({"n": u64::MAX})),
        (r#"{"n":-9223372036854775808}"#, serde_json::json!({"n": i64::MIN})),
    ] {
        let by = UniqueBy::value(&value);
        let by = UniqueKey::of("pay", &DONE, "{}", Some(&by)).unwrap().unwrap();
        let other = UniqueBy::value(&serde_json::from_str::<serde_json::Value>(long).unwrap());
        assert_eq!(by, UniqueKey::of("pay", &DONE, "{}", Some(&other)).unwrap().unwrap(), "{long}");
    }
}

#[test]
fn equal_maps_make_one_key_in_whatever_order_they_are_written() {
    let maps = (0..20).map(|_| {
        let map: std::collections::HashMap<String, u128> =
            (0..50).map(|one| (one.to_string(), u128::MAX - one)).collect();
        key("note", DONE, &serde_json::to_string(&map).unwrap()).name()
    });
    let keys: std::collections::HashSet<_> = maps.collect();
    assert_eq!(keys.len(), 1);
}

#[test]
fn a_value_that_is_infinite_or_nan_or_too_deep_makes_no_key() {
    let error = UniqueKey::of("pay", &DONE, "{}", Some(&UniqueBy::value(&f64::NAN))).unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("infinite or NaN"), "{error}");
    let deep = format!("{}1e400{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(UniqueKey::of("pay", &DONE, &deep, None).unwrap_err().is_invalid());
}
