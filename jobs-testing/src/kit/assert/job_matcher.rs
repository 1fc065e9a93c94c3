//! A matcher for the job that a test expects.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Job, Timestamp};
use serde_json::Value;

use crate::kit::view::seen::{Seen, is_named};

/// Conditions on a job. Everything without a condition may be anything.
///
/// A job value is a matcher by itself: for its type and its arguments. Queue, priority and time are compared only if
/// they are set here.
///
/// ```
/// # use jobs_core::{Context, Job, Settings};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Greet { name: String }
/// # impl Job for Greet {
/// #     type Output = ();
/// #     type Error = std::io::Error;
/// #     const SETTINGS: Settings = Settings::new("greet");
/// #     async fn perform(self, _context: &Context) -> Result<(), std::io::Error> { Ok(()) }
/// # }
/// use std::time::Duration;
///
/// use jobs_testing::JobMatcher;
///
/// let ada = JobMatcher::from(Greet { name: "Ada".to_owned() }).queue("mail").wait(Duration::from_secs(60));
/// let anyone = JobMatcher::any::<Greet>().priority(10);
/// let short = JobMatcher::such::<Greet>(|greet| greet.name.len() < 4);
/// # drop((ada, anyone, short));
/// ```
#[derive(Clone)]
#[must_use = "hand it to an assertion"]
pub struct JobMatcher {
    name: Option<&'static str>,
    is_kind: fn(&str) -> bool,
    arguments: Option<Arguments>,
    queue: Option<String>,
    priority: Option<i32>,
    time: Option<Time>,
    tolerance: Duration,
    tests: Vec<Test>,
}

#[derive(Clone)]
enum Arguments {
    Equal(Value, String),
    Such(Test),
}

#[derive(Clone, Copy)]
enum Time {
    AtOnce,
    At(Timestamp),
    In(Duration),
}

type Test = Arc<dyn Fn(&Seen) -> bool + Send + Sync>;

impl<J: Job> From<J> for JobMatcher {
    fn from(job: J) -> Self {
        let value = serde_json::to_value(&job).unwrap_or_else(|error| {
            panic!("the arguments of the expected `{}` cannot be written as JSON: {error}", J::SETTINGS.name)
        });
        let shown = J::SETTINGS.shown_arguments(&value.to_string());
        Self { arguments: Some(Arguments::Equal(value, shown)), ..Self::any::<J>() }
    }
}

impl JobMatcher {
    /// A job of this type, with any arguments.
    pub fn any<J: Job>() -> Self {
        Self { name: Some(J::SETTINGS.name), is_kind: is_named::<J>, ..Self::anything() }
    }

    /// A job of this type that the function accepts.
    pub fn such<J: Job>(wanted: impl Fn(&J) -> bool + Send + Sync + 'static) -> Self {
        let test = move |seen: &Seen| seen.read::<J>().is_some_and(|job| wanted(&job));
        Self { arguments: Some(Arguments::Such(Arc::new(test))), ..Self::any::<J>() }
    }

    /// A job of any type.
    pub fn anything() -> Self {
        Self {
            name: None,
            is_kind: |_| true,
            arguments: None,
            queue: None,
            priority: None,
            time: None,
            tolerance: Duration::ZERO,
            tests: Vec::new(),
        }
    }

    /// On this queue, by its name in the store.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = Some(queue.into());
        self
    }

    /// With this priority.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Due at this point in time.
    pub fn at(mut self, time: impl Into<Timestamp>) -> Self {
        self.time = Some(Time::At(time.into()));
        self
    }

    /// Due this long after the time of the test's clock at the assertion.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.time = Some(Time::In(wait));
        self
    }

    /// Due at once: enqueued without a time.
    pub fn at_once(mut self) -> Self {
        self.time = Some(Time::AtOnce);
        self
    }

    /// How far the time may differ. Without this it is exact, to microseconds.
    pub fn within(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// And accepted by this function. May be called several times.
    pub fn that(mut self, wanted: impl Fn(&Seen) -> bool + Send + Sync + 'static) -> Self {
        self.tests.push(Arc::new(wanted));
        self
    }

    /// Whether the job is of the expected type.
    pub(crate) fn is_kind_of(&self, seen: &Seen) -> bool {
        (self.is_kind)(seen.name())
    }

    /// The differences of the job from this; empty if it matches.
    pub(crate) fn differences(&self, seen: &Seen, now: Timestamp) -> Vec<&'static str> {
        let arguments = match &self.arguments {
            None => true,
            Some(Arguments::Equal(value, _)) => {
                serde_json::from_str::<Value>(&seen.record.arguments).is_ok_and(|stored| stored == *value)
            }
            Some(Arguments::Such(test)) => test(seen),
        };
        let checks = [
            ("type", self.is_kind_of(seen)),
            ("arguments", arguments),
            ("queue", self.queue.as_ref().is_none_or(|queue| queue == seen.queue())),
            ("priority", self.priority.is_none_or(|priority| priority == seen.priority())),
            ("time", self.is_at(seen.at, now)),
            ("what a function asks", self.tests.iter().all(|test| test(seen))),
        ];
        checks.into_iter().filter(|(_, equal)| !equal).map(|(what, _)| what).collect()
    }

    fn is_at(&self, at: Option<Timestamp>, now: Timestamp) -> bool {
        let wanted = match self.time {
            None => return true,
            Some(Time::AtOnce) => return at.is_none(),
            Some(Time::At(time)) => time,
            Some(Time::In(wait)) => now + wait,
        };
        at.is_some_and(|at| at.duration_since(wanted).max(wanted.duration_since(at)) <= self.tolerance)
    }

    /// As `send_mail with {"to":7}, on queue mail`.
    pub(crate) fn words(&self, now: Timestamp) -> String {
        let mut parts = vec![self.name.map_or_else(|| "a job".to_owned(), str::to_owned)];
        match &self.arguments {
            None => {}
            Some(Arguments::Equal(_, shown)) => parts.push(format!("with {shown}")),
            Some(Arguments::Such(_)) => parts.push("with arguments that a function accepts".to_owned()),
        }
        parts.extend(self.queue.as_ref().map(|queue| format!("on queue `{queue}`")));
        parts.extend(self.priority.map(|priority| format!("priority {priority}")));
        parts.extend(self.time.map(|time| match time {
            Time::AtOnce => "at once".to_owned(),
            Time::At(at) => format!("at {at}"),
            Time::In(wait) => format!("at {} (in {wait:?})", now + wait),
        }));
        parts.extend((!self.tolerance.is_zero()).then(|| format!("give or take {:?}", self.tolerance)));
        parts.extend((!self.tests.is_empty()).then(|| "such that a function accepts it".to_owned()));
        parts.join(", ")
    }
}

impl fmt::Debug for JobMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JobMatcher({})", self.words(Timestamp::default()))
    }
}
