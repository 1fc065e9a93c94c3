//! The constant settings of a job type or a base.

use std::time::Duration;

use crate::queue::DEFAULT_QUEUE;
use crate::{JobSchedule, Signature, Timeout, Unique};

/// The settings that a job type, or a base, declares as constants.
///
/// Settings that are not given come from the base, then from the runtime's defaults, then from the library's.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// The name that is stored with each job.
    pub name: &'static str,
    /// Older names under which stored jobs still run.
    pub aliases: &'static [&'static str],
    /// The queue.
    pub queue: Option<&'static str>,
    /// The priority; higher numbers run first.
    pub priority: Option<i32>,
    /// How long a perform may take. If it is not given, workers use the default of their runtime.
    pub timeout: Option<Timeout>,
    /// How long after it was first due a job expires that has not begun.
    pub expires_in: Option<Duration>,
    /// Whether the arguments may be shown in logs.
    pub log_arguments: Option<bool>,
    /// Keys of the stored arguments whose values are displayed as `[redacted]`.
    pub redact: &'static [&'static str],
    /// If given, the values of all other keys are displayed as `[redacted]` too.
    pub redact_except: Option<&'static [&'static str]>,
    /// The version of the arguments, from 1.
    pub version: u32,
    /// Which jobs of this type are the same, and for how long the first prevents others. Not inherited from a base.
    pub unique: Option<Unique>,
    /// When jobs of this type recur, without arguments. Not inherited from a base.
    pub recurs: Option<JobSchedule>,
    /// How the parameters are passed where a list of arguments is stored. If it is not given, all are positional in the
    /// order in which serde writes them.
    pub signature: Option<Signature>,
    /// Whether another program performs the jobs, and this one only enqueues them.
    pub remote: bool,
}

impl Settings {
    /// A name and no other settings.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            queue: None,
            priority: None,
            timeout: None,
            expires_in: None,
            log_arguments: None,
            redact: &[],
            redact_except: None,
            version: 1,
            unique: None,
            recurs: None,
            signature: None,
            remote: false,
        }
    }

    /// Older names under which stored jobs still run.
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The queue.
    pub const fn queue(mut self, queue: &'static str) -> Self {
        self.queue = Some(queue);
        self
    }

    /// The priority; higher numbers run first.
    pub const fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// How long a perform may take.
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(Timeout::After(limit));
        self
    }

    /// A perform may take any time, also if the base or the runtime has a time-out.
    pub const fn no_timeout(mut self) -> Self {
        self.timeout = Some(Timeout::Never);
        self
    }

    /// How long after it was first due a job expires that has not begun.
    pub const fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }

    /// Whether the arguments may be shown in logs.
    pub const fn log_arguments(mut self, shown: bool) -> Self {
        self.log_arguments = Some(shown);
        self
    }

    /// Keys of the stored arguments whose values are displayed as `[redacted]`: all keys that serde writes or reads for
    /// an argument, with those of `#[serde(rename)]` and `#[serde(alias)]`.
    pub const fn redact(mut self, keys: &'static [&'static str]) -> Self {
        self.redact = keys;
        self
    }

    /// Displays the values of all keys but these as `[redacted]`, also of keys that no argument has today. `#[job]` sets it
    /// where an argument is redacted.
    pub const fn redact_except(mut self, keys: &'static [&'static str]) -> Self {
        self.redact_except = Some(keys);
        self
    }

    /// The version of the arguments.
    pub const fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Which jobs of this type are the same, and for how long the first prevents others.
    pub const fn unique(mut self, unique: Unique) -> Self {
        self.unique = Some(unique);
        self
    }

    /// When jobs of this type recur, with the defaults of their arguments.
    pub const fn recurs(mut self, recurs: JobSchedule) -> Self {
        self.recurs = Some(recurs);
        self
    }

    /// How the parameters are passed where a list of arguments is stored.
    pub const fn signature(mut self, signature: Signature) -> Self {
        self.signature = Some(signature);
        self
    }

    /// Another program performs the jobs, and this one only enqueues them.
    pub const fn remote(mut self) -> Self {
        self.remote = true;
        self
    }

    /// Takes the settings from `base` that are not given here: queue, priority, timeout, expiry, logging and redaction of
    /// arguments.
    pub const fn inherit(mut self, base: &Self) -> Self {
        if self.queue.is_none() {
            self.queue = base.queue;
        }
        if self.priority.is_none() {
            self.priority = base.priority;
        }
        if self.timeout.is_none() {
            self.timeout = base.timeout;
        }
        if self.expires_in.is_none() {
            self.expires_in = base.expires_in;
        }
        if self.log_arguments.is_none() {
            self.log_arguments = base.log_arguments;
        }
        if self.redact.is_empty() && self.redact_except.is_none() {
            self.redact = base.redact;
            self.redact_except = base.redact_except;
        }
        self
    }

    /// The queue, or `default`.
    pub const fn queue_or_default(&self) -> &'static str {
        match self.queue {
            Some(queue) => queue,
            None => DEFAULT_QUEUE,
        }
    }

    /// Whether the arguments may be shown in logs. By default they may, as in Active Job.
    pub const fn shows_arguments(&self) -> bool {
        !matches!(self.log_arguments, Some(false))
    }
}
