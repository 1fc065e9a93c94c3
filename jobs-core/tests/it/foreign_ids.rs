//! Ids that other job systems gave: that each form round-trips, and that none is taken for another.

use std::collections::HashSet;

use jobs_core::{Entropy, ForeignId, JobId, JobIds, SystemClock, SystemEntropy};

/// Twelve bytes from each of these patterns, and random ones.
fn jids() -> Vec<[u8; 12]> {
    let entropy = SystemEntropy::new();
    let mut jids = vec![[0; 12], [0xff; 12], *b"\x4f\x2a\x9c\x01\x02\x03\x04\x05\x06\x07\x08\x09"];
    // Each single bit, so that no bit is lost or moved.
    jids.extend((0..96).map(|bit| std::array::from_fn(|byte| if byte == bit / 8 { 1 << (bit % 8) } else { 0 })));
    jids.extend((0..500).map(|_| {
        let mut jid = [0; 12];
        jid[..8].copy_from_slice(&entropy.next_u64().to_be_bytes());
        jid[8..].copy_from_slice(&entropy.next_u64().to_be_bytes()[..4]);
        jid
    }));
    jids
}

fn numbers() -> Vec<i64> {
    let entropy = SystemEntropy::new();
    let mut numbers = vec![i64::MIN, -1, 0, 1, 42, i64::MAX];
    numbers.extend((0..63).map(|bit| 1 << bit));
    numbers.extend((0..500).map(|_| entropy.next_u64().cast_signed()));
    numbers
}

#[track_caller]
fn round_trips(id: JobId, foreign: Option<ForeignId>, text: &str) {
    assert_eq!(id.foreign(), foreign, "{text}");
    assert_eq!(id.to_string(), text);
    assert_eq!(text.parse::<JobId>().expect("an id is read as it is written"), id);
    assert_eq!(JobId::from_bytes(*id.as_bytes()), id);
    let json = serde_json::to_string(&id).expect("an id is JSON");
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<JobId>(&json).expect("the JSON of an id is read"), id);
}

#[test]
fn a_jid_round_trips_as_24_hexadecimal_digits() {
    for jid in jids() {
        let number = jid.iter().fold(0, |number: u128, byte| (number << 8) | u128::from(*byte));
        let digits = format!("{number:024x}");
        round_trips(JobId::from_jid(jid), Some(ForeignId::Jid(jid)), &digits);
        assert_eq!(digits.to_uppercase().parse::<JobId>().expect("the text is an id"), JobId::from_jid(jid));
    }
}

#[test]
fn a_number_round_trips_as_a_decimal_number() {
    for number in numbers() {
        round_trips(JobId::from_number(number), Some(ForeignId::Number(number)), &number.to_string());
    }
}

#[test]
fn an_id_of_this_library_round_trips_as_a_uuid() {
    let (ids, entropy) = (JobIds::new(), SystemEntropy::new());
    for _ in 0..500 {
        let id = ids.next(&SystemClock, &entropy);
        let text = id.to_string();
        assert_eq!((text.len(), text.matches('-').count()), (36, 4));
        round_trips(id, None, &text);
    }
}

#[test]
fn foreign_ids_are_uuids_of_version_eight_and_all_differ() {
    let numbers: HashSet<_> = numbers().into_iter().collect();
    let jids: HashSet<_> = jids().into_iter().collect();
    let count = numbers.len() + jids.len();
    let ids: HashSet<_> =
        numbers.into_iter().map(JobId::from_number).chain(jids.into_iter().map(JobId::from_jid)).collect();
    assert_eq!(ids.len(), count);
    for id in ids {
        let bytes = id.as_bytes();
        assert_eq!((bytes[6] >> 4, bytes[8] >> 6), (8, 0b10), "{id}");
    }
}

#[test]
fn a_uuid_that_differs_in_one_fixed_bit_is_no_foreign_id() {
    for id in [JobId::from_jid([0x5a; 12]), JobId::from_number(42)] {
        let foreign = (0..128).filter(|bit| {
            let bits = u128::from_be_bytes(*id.as_bytes()) ^ (1 << bit);
            let other = JobId::from_bytes(bits.to_be_bytes());
            assert_eq!(other.to_string().parse::<JobId>().expect("the text is an id"), other, "its text is its own");
            other.foreign().is_some()
        });
        let content = if matches!(id.foreign(), Some(ForeignId::Jid(_))) { 96 } else { 64 };
        assert_eq!(foreign.count(), content, "only bits of the content may change");
    }
}

#[test]
fn ids_made_of_numbers_sort_as_the_numbers_do() {
    let mut numbers = numbers();
    numbers.sort_unstable();
    assert!(numbers.into_iter().map(JobId::from_number).is_sorted());
    let mut jids = jids();
    jids.sort_unstable();
    assert!(jids.into_iter().map(JobId::from_jid).is_sorted());
}

#[test]
fn a_text_that_has_none_of_the_forms_is_refused() {
    for junk in
        ["+7", "007", "-0", " 7", "9223372036854775808", "4f2a9c010203040506070809a", "4f2a9c01020304050607080g"]
    {
        let error = junk.parse::<JobId>().unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("24 hexadecimal digits or a number"), "{error}");
        assert!(serde_json::from_value::<JobId>(junk.into()).is_err());
    }
}
