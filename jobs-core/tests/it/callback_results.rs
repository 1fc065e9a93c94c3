//! What the function of a callback may return.

use std::io;

use jobs_core::Halt;
use jobs_core::callback::{IntoVerdict, Stop, Verdict, told};

use crate::setup::{block_on, frozen, pause};

fn verdict<Kind>(answer: impl IntoVerdict<Kind>) -> Verdict {
    block_on(answer.into_verdict())
}

#[test]
fn nothing_and_ok_let_the_job_go_on() {
    assert!(verdict(()).is_ok());
    assert!(verdict(Ok::<(), Halt>(())).is_ok());
    assert!(verdict(async { pause().await }).is_ok());
    assert!(verdict(async { Ok::<(), io::Error>(()) }).is_ok());
}

#[test]
fn a_halt_stops_without_a_failure() {
    assert!(matches!(verdict(Err::<(), _>(Halt)), Err(Stop::Halt)));
    assert!(matches!(verdict(async { Err::<(), _>(Halt) }), Err(Stop::Halt)));
}

#[test]
fn an_error_becomes_a_failure_with_its_type() {
    for answer in
        [verdict(Err::<(), _>(io::Error::other("full"))), verdict(async { Err::<(), _>(io::Error::other("full")) })]
    {
        let Err(Stop::Failed(failure)) = answer else { panic!("it failed") };
        assert!(failure.downcast_ref::<io::Error>().is_some());
        assert_eq!(failure.message(), "full");
    }
}

#[test]
fn a_failure_is_handed_on_as_it_is() {
    let Err(Stop::Failed(failure)) = verdict(Err::<(), _>(frozen())) else { panic!("it failed") };
    assert_eq!(failure.message(), "frozen");
}

#[test]
fn where_there_is_nothing_to_halt_a_halt_is_nothing() {
    assert!(block_on(told(Err::<(), _>(Halt))).is_ok());
    assert!(block_on(told(())).is_ok());
    assert_eq!(block_on(told(Err::<(), _>(frozen()))).unwrap_err().message(), "frozen");
}
