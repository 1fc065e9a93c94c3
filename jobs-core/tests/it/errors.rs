//! The one error: what may be asked of it, and how it reads.

use std::error::Error as _;
use std::io;

use jobs_core::Error;

fn answers(error: &Error) -> [bool; 4] {
    [error.is_transient(), error.is_conflict(), error.is_corrupt(), error.is_invalid()]
}

#[test]
fn each_kind_answers_to_its_own_question_alone() {
    assert_eq!(answers(&Error::transient("a")), [true, false, false, false]);
    assert_eq!(answers(&Error::conflict("a")), [false, true, false, false]);
    assert_eq!(answers(&Error::corrupt("a")), [false, false, true, false]);
    assert_eq!(answers(&Error::invalid("a")), [false, false, false, true]);
    assert_eq!(answers(&Error::other("a")), [false, false, false, false]);
}

#[test]
fn a_source_changes_neither_kind_nor_words() {
    let error = Error::transient("the store is busy").with_source(io::Error::other("locked"));
    assert!(error.is_transient());
    assert_eq!(error.to_string(), "the store is busy");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("locked"));
}

#[test]
fn the_form_that_main_prints_has_all_causes() {
    let inner = Error::other("no route").with_source(io::Error::other("cable cut"));
    let error = Error::transient("the store cannot be reached").with_source(inner);
    let expected = "the store cannot be reached\n  caused by: no route\n  caused by: cable cut";
    assert_eq!(format!("{error:?}"), expected);
    assert_eq!(format!("{:?}", Error::other("alone")), "alone");
}

#[test]
fn the_source_may_be_plain_words() {
    let error = Error::corrupt("row 7").with_source("bad utf-8");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("bad utf-8"));
}

#[test]
fn an_error_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
}
