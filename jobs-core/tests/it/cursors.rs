//! Where pages of jobs begin and end.

use jobs_core::{Cursor, Filter, IdRange, JobId, Order};

fn id(number: u128) -> JobId {
    JobId::from_bytes(number.to_be_bytes())
}

fn range(after: Option<u128>, before: Option<u128>) -> IdRange {
    let cursor = |number: u128| id(number).into();
    IdRange::of(&Filter { after: after.map(cursor), before: before.map(cursor), ..Filter::default() })
        .expect("the cursors are ids")
}

#[test]
fn a_cursor_round_trips_through_its_text_and_json() {
    for text in ["a", "1700000000.25~4f2a", "0192f0c1-2b7a-7000-8000-000000000000", "4325"] {
        let cursor: Cursor = text.parse().unwrap();
        assert_eq!((cursor.as_str(), cursor.to_string().as_str()), (text, text));
        let json = serde_json::to_string(&cursor).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Cursor>(&json).expect("the JSON is an id"), cursor);
    }
}

#[test]
fn a_cursor_is_safe_in_a_url() {
    for text in ["", "a b", "a/b", "a&b", "a%20", "\u{e9}", &"x".repeat(201)] {
        let error = text.parse::<Cursor>().unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("is not a position in a list of jobs"), "{error}");
        assert!(serde_json::from_value::<Cursor>(text.into()).is_err());
    }
}

#[test]
fn a_filter_goes_on_after_a_cursor_in_its_order() {
    let cursor = Cursor::from(id(7));
    assert_eq!(Filter::default().going_on(id(7)).after, Some(cursor.clone()));
    assert_eq!(Filter::default().newest_first().going_on(id(7)).before, Some(cursor));
}

#[test]
fn a_store_that_sorts_by_id_refuses_the_cursor_of_another_store() {
    for filter in [Filter::default(), Filter::default().newest_first()] {
        let error = IdRange::of(&filter.going_on("1700000000.25~4f2a".parse::<Cursor>().unwrap())).unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("begin at the first page again"), "{error}");
    }
}

#[test]
fn the_ends_of_a_range_are_not_in_it() {
    assert!(range(Some(6), Some(8)).contains(id(7)) && range(None, None).contains(id(7)));
    assert!(!range(Some(7), None).contains(id(7)) && !range(None, Some(7)).contains(id(7)));
    assert!(range(Some(7), Some(7)).is_empty() && range(Some(8), Some(7)).is_empty());
    assert!(!range(Some(7), Some(8)).is_empty() && !range(Some(7), None).is_empty());
}

#[test]
fn a_range_up_to_a_job_includes_it_and_none_beyond() {
    for (number, order) in [(7, Order::OldestFirst), (7, Order::NewestFirst), (0, Order::NewestFirst)] {
        let range = IdRange::default().up_to(order, id(number));
        let beyond = if order == Order::OldestFirst { number + 1 } else { number.wrapping_sub(1) };
        assert!(range.contains(id(number)), "{number} {order:?}");
        assert!(!range.contains(id(beyond)) || beyond == u128::MAX, "{number} {order:?}");
    }
    assert!(
        IdRange::default().up_to(Order::OldestFirst, id(u128::MAX)).contains(id(u128::MAX)),
        "the last id is included"
    );
}
