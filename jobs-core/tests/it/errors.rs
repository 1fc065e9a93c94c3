//! The one error: what may be asked of it, and how it reads.

use std::error::Error as _;
use std::io;

use jobs_core::Error;

/// Which of the predicates hold, in the order of their declaration.
fn kinds(error: &Error) -> Vec<usize> {
    let predicates = [
        Error::is_transient,
        Error::is_conflict,
        Error::is_corrupt,
        Error::is_invalid,
        Error::is_unsupported,
        Error::is_not_found,
    ];
    (0..predicates.len()).filter(|index| predicates[*index](error)).collect()
}

#[test]
fn each_kind_answers_to_its_own_question_alone() {
    assert_eq!(kinds(&Error::transient("a")), [0]);
    assert_eq!(kinds(&Error::conflict("a")), [1]);
    assert_eq!(kinds(&Error::corrupt("a")), [2]);
    assert_eq!(kinds(&Error::invalid("a")), [3]);
    assert_eq!(kinds(&Error::unsupported("a")), [4]);
    assert_eq!(kinds(&Error::not_found("a")), [5]);
    assert!(kinds(&Error::other("a")).is_empty());
}

#[test]
fn a_clone_has_the_kind_the_message_and_the_source() {
    let error = Error::not_found("no job 7").with_source(io::Error::other("gone"));
    let clone = error.clone();
    assert!(clone.is_not_found());
    assert_eq!(format!("{clone:?}"), format!("{error:?}"));
    let source = clone.source().and_then(|source| source.downcast_ref::<io::Error>());
    assert_eq!(source.map(ToString::to_string).as_deref(), Some("gone"));
}

#[test]
fn a_source_changes_neither_kind_nor_message() {
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
fn the_source_may_be_a_plain_text() {
    let error = Error::corrupt("row 7").with_source("bad utf-8");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("bad utf-8"));
}

#[test]
fn an_error_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
}
