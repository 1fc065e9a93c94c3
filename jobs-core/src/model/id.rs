//! The identities of jobs, of processes, and of one claim of a job by a process.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use jobs_syntax::spelling::shortened;
use serde::{Deserialize, Serialize, Serializer};
use uuid::{Builder, Uuid};

use crate::model::foreign_id::{self, ForeignId};
use crate::{Clock, Entropy, Error, Timestamp};

/// The identity of a job, the same in every attempt: a UUID version 7.
///
/// The caller creates it, not the store. An enqueue whose answer was lost can therefore be repeated:
/// a store that already holds the id leaves the job as it is.
///
/// A job that another system stored keeps [the identity that it has there](Self::foreign), and its text form is the text
/// that the tools of that system show: 24 hexadecimal digits, or a number. [`FromStr`] reads all three forms.
///
/// ```
/// use jobs_core::{ForeignId, JobId};
///
/// let id: JobId = "4325".parse()?;
/// assert_eq!(id, JobId::from_number(4325));
/// assert_eq!(id.foreign(), Some(ForeignId::Number(4325)));
/// assert_eq!(id.to_string(), "4325");
/// # Ok::<(), jobs_core::Error>(())
/// ```
///
/// In JSON it is its text form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct JobId(Uuid);

impl JobId {
    /// The id with these sixteen bytes, most significant first.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The id of a job that has this `jid` in Sidekiq.
    pub const fn from_jid(jid: [u8; 12]) -> Self {
        Self(foreign_id::embed(ForeignId::Jid(jid)))
    }

    /// The id of a job that has this number in the tables of another system, as Solid Queue or Delayed Job.
    pub const fn from_number(number: i64) -> Self {
        Self(foreign_id::embed(ForeignId::Number(number)))
    }

    /// The identity that the job has in another system; `None` if the id is an ordinary UUID.
    pub fn foreign(&self) -> Option<ForeignId> {
        foreign_id::extract(self.0)
    }

    /// The id of the job of a tick of a recurring task. Its time is the tick's; the bits that are random in other ids are
    /// a digest of key and tick, so that every scheduler computes the same id.
    pub(crate) fn of_tick(key: &str, at: Timestamp) -> Self {
        let digest = Uuid::new_v5(&TICKS, format!("{key} {}", at.as_micros()).as_bytes());
        let (high, low) = digest.as_u64_pair();
        let millis = u64::try_from(at.as_millis()).unwrap_or(0);
        let tick = (millis << COUNTER_BITS) | (high >> (u64::BITS - COUNTER_BITS));
        Self(uuid_of(tick, low << 2))
    }

    /// The sixteen bytes, most significant first. For ids that [`JobIds`] created, their order is the order of creation
    /// within a process.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.foreign() {
            Some(foreign) => foreign.fmt(f),
            None => self.0.hyphenated().fmt(f),
        }
    }
}

impl fmt::Debug for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JobId({self})")
    }
}

impl FromStr for JobId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(foreign) = foreign_id::parse(text) {
            return Ok(Self(foreign_id::embed(foreign)));
        }
        Uuid::try_parse(text).map(Self).map_err(|cause| {
            Error::invalid(format!(
                "`{}` is not a job id; a job id is a UUID such as 0192f0c1-2b7a-7000-8000-000000000000, or the id that \
                 another job system shows: 24 hexadecimal digits or a number",
                shortened(text)
            ))
            .with_source(cause)
        })
    }
}

impl TryFrom<String> for JobId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl Serialize for JobId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A source of job ids that increase within the process, even if the clock is set back.
///
/// Layout: 48 bits of milliseconds, 20 bits of counter, 54 random bits, and the UUID's version and variant.
#[derive(Debug, Default)]
pub struct JobIds {
    last: AtomicU64,
}

const COUNTER_BITS: u32 = 20;

/// The namespace of ticks among the UUIDs that are made from names (RFC 9562, 5.5).
const TICKS: Uuid = Uuid::from_u128(0x2e7d_10b4_6c0f_4c5e_9d39_7a51_0f6e_83c2);

impl JobIds {
    /// A new source.
    pub const fn new() -> Self {
        Self { last: AtomicU64::new(0) }
    }

    /// The next id.
    pub fn next(&self, clock: &dyn Clock, entropy: &dyn Entropy) -> JobId {
        let millis = u64::try_from(clock.now().as_millis()).unwrap_or(0);
        let floor = millis << COUNTER_BITS;
        let mut tick = floor;
        let step = |last: u64| {
            tick = floor.max(last.saturating_add(1));
            Some(tick)
        };
        // The closure always returns `Some`, so the update cannot fail.
        let _previous = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step);
        JobId(uuid_of(tick, entropy.next_u64()))
    }
}

/// The UUID of this time and counter, with the upper 54 of these random bits.
fn uuid_of(tick: u64, random: u64) -> Uuid {
    let millis = tick >> COUNTER_BITS;
    let counter = u128::from(tick & ((1 << COUNTER_BITS) - 1));
    // The builder overwrites the four bits above the upper part of the counter and the two above its lower part.
    let (high, low) = (counter >> 8, counter & 0xff);
    let rest = (high << 64) | (low << 54) | u128::from(random >> 10);
    let [_, _, _, _, _, _, rest @ ..] = rest.to_be_bytes();
    Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}

/// The identity of a live process in the store. Positive, chosen at random when the process starts.
///
/// In JSON it is its text form: not every JSON reader can represent integers of that size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ProcessId(i64);

impl ProcessId {
    /// A new random identity.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self::new(i64::try_from(entropy.next_u64() >> 1).unwrap_or(i64::MAX).max(1))
    }

    /// The identity with this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ProcessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<ProcessId> for String {
    fn from(process: ProcessId) -> Self {
        process.to_string()
    }
}

impl TryFrom<String> for ProcessId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        // Parsed as unsigned, because a negative number is displayed with sixteen digits too.
        u64::from_str_radix(&text, 16).map(|number| Self(number.cast_signed())).map_err(|cause| {
            let shown = shortened(&text);
            Error::invalid(format!("`{shown}` is not the identity of a process, which is sixteen hexadecimal digits"))
                .with_source(cause)
        })
    }
}

/// The right to settle one execution: this job, claimed by this process, in this claim.
///
/// Each claim of a job has another number, so a token from before a recovery differs from the current one even if the same
/// process claimed the job again. A store that does not number claims says so by
/// [`Fencing::PerProcess`](crate::Fencing).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClaimToken {
    /// The claimed job.
    pub job: JobId,
    /// The process that claimed it.
    pub process: ProcessId,
    /// An opaque number that the store chose for this claim. It need not count, and it need not grow.
    pub claim: i64,
}

impl ClaimToken {
    /// The right of this process to settle this job, by the claim that the store gave this number.
    pub const fn new(job: JobId, process: ProcessId, claim: i64) -> Self {
        Self { job, process, claim }
    }
}
