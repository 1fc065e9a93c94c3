//! The table of all moves between the states of a job. Stores make no others; `docs/LIFECYCLE.md` is generated from it.

use std::fmt;

use State::{Blocked, Claimed, Discarded, Failed, Finished, Ready, Scheduled};

use crate::State;

/// Why a job moves from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// It is due.
    Due,
    /// Its concurrency key has a free slot.
    Unblocked,
    /// A process took it.
    Claim,
    /// The perform succeeded.
    Finish,
    /// A rule asked for another attempt after a wait.
    Retry,
    /// It postponed itself and continues later, without an error.
    Continue,
    /// No rule retries it.
    Fail,
    /// A rule, or a person, discarded it.
    Discard,
    /// The process released it before it started or when it was interrupted; no attempt is counted.
    Release,
    /// The process that held it is gone.
    Recover,
    /// Too many processes died while they ran it.
    Poison,
    /// A person asked for another run.
    ManualRetry,
    /// A person set another time.
    Reschedule,
}

/// An allowed move: from, cause, to.
pub type Move = (State, Cause, State);

/// The table.
pub const MOVES: &[Move] = &[
    (Scheduled, Cause::Due, Ready),
    (Scheduled, Cause::Due, Blocked),
    (Blocked, Cause::Unblocked, Ready),
    (Ready, Cause::Claim, Claimed),
    (Claimed, Cause::Finish, Finished),
    (Claimed, Cause::Retry, Scheduled),
    (Claimed, Cause::Continue, Scheduled),
    (Claimed, Cause::Fail, Failed),
    (Claimed, Cause::Discard, Discarded),
    (Claimed, Cause::Release, Ready),
    (Claimed, Cause::Recover, Ready),
    (Claimed, Cause::Poison, Failed),
    (Scheduled, Cause::ManualRetry, Ready),
    (Failed, Cause::ManualRetry, Ready),
    (Discarded, Cause::ManualRetry, Ready),
    (Scheduled, Cause::Discard, Discarded),
    (Blocked, Cause::Discard, Discarded),
    (Ready, Cause::Discard, Discarded),
    (Failed, Cause::Discard, Discarded),
    (Scheduled, Cause::Reschedule, Scheduled),
    (Ready, Cause::Reschedule, Scheduled),
];

/// Whether the table has this move.
pub fn allows(from: State, cause: Cause, to: State) -> bool {
    MOVES.contains(&(from, cause, to))
}

/// The states from which `cause` may move a job.
pub fn origins(cause: Cause) -> impl Iterator<Item = State> {
    State::ALL.into_iter().filter(move |state| MOVES.iter().any(|(from, why, _)| from == state && *why == cause))
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Due => "due",
            Self::Unblocked => "unblocked",
            Self::Claim => "claim",
            Self::Finish => "finish",
            Self::Retry => "retry",
            Self::Continue => "continue",
            Self::Fail => "fail",
            Self::Discard => "discard",
            Self::Release => "release",
            Self::Recover => "recover",
            Self::Poison => "poison",
            Self::ManualRetry => "manual retry",
            Self::Reschedule => "reschedule",
        })
    }
}
