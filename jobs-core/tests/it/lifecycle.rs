//! Properties of the table of moves.

use std::collections::BTreeSet;

use jobs_core::State;
use jobs_core::lifecycle::{Cause, MOVES, allows, origins};

use State::{Blocked, Claimed, Discarded, Failed, Finished, Ready, Scheduled};

fn from(cause: Cause) -> Vec<State> {
    origins(cause).collect()
}

#[test]
fn every_state_is_reached_from_those_a_job_enters_in() {
    let mut reached = BTreeSet::from([Scheduled, Ready]);
    while let Some((_, _, to)) = MOVES.iter().find(|(from, _, to)| reached.contains(from) && !reached.contains(to)) {
        reached.insert(*to);
    }
    assert_eq!(reached, BTreeSet::from(State::ALL));
}

#[test]
fn nothing_moves_a_finished_job() {
    assert!(MOVES.iter().all(|(from, _, _)| *from != Finished));
}

#[test]
fn a_done_or_failed_job_moves_only_manually() {
    for (from, cause, _) in MOVES.iter().filter(|(from, _, _)| from.is_done() || *from == Failed) {
        let is_manual = matches!((from, cause), (_, Cause::ManualRetry) | (Failed, Cause::Discard));
        assert!(is_manual, "{from} by {cause}");
    }
}

#[test]
fn no_move_is_written_twice() {
    for (place, one) in MOVES.iter().enumerate() {
        assert!(!MOVES[..place].contains(one), "{one:?}");
    }
}

#[test]
fn only_a_ready_job_is_claimed_and_only_so() {
    assert_eq!(from(Cause::Claim), [Ready]);
    assert!(MOVES.iter().filter(|(_, _, to)| *to == Claimed).all(|(_, cause, _)| *cause == Cause::Claim));
}

#[test]
fn what_settles_or_recovers_touches_only_claimed_jobs() {
    use Cause::{Continue, Fail, Finish, Poison, Recover, Release, Retry};
    for cause in [Finish, Retry, Continue, Fail, Release, Recover, Poison] {
        assert_eq!(from(cause), [Claimed], "{cause}");
    }
}

#[test]
fn a_claimed_job_is_neither_retried_nor_rescheduled_manually() {
    assert_eq!(from(Cause::ManualRetry), [Scheduled, Failed, Discarded]);
    assert_eq!(from(Cause::Reschedule), [Scheduled, Ready]);
}

#[test]
fn a_discard_takes_all_but_done_jobs() {
    assert_eq!(from(Cause::Discard), [Scheduled, Blocked, Ready, Claimed, Failed]);
}

#[test]
fn the_table_allows_its_moves_and_no_other() {
    assert!(allows(Ready, Cause::Claim, Claimed));
    assert!(!allows(Ready, Cause::Claim, Finished));
    assert!(!allows(Finished, Cause::ManualRetry, Ready));
    assert!(!allows(Claimed, Cause::ManualRetry, Ready));
}

#[test]
fn the_word_of_a_state_is_read_back() {
    for state in State::ALL {
        assert_eq!(State::parse(&state.to_string()), Some(state));
    }
    assert_eq!(State::parse("Ready"), None);
    assert_eq!(State::parse(""), None);
}

#[test]
fn finished_and_discarded_are_done_and_no_other() {
    let done: Vec<_> = State::ALL.into_iter().filter(|state| state.is_done()).collect();
    assert_eq!(done, [Finished, Discarded]);
}
