//! Watches one perform: reports that it runs slowly, and ends it when its time is over.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use jobs_core::events::RanSlowly;
use jobs_core::{Context, Failure, RecentDurations, SlowReason, SlowRule, TimedOut, Timeout};
use tokio::time::{Instant, timeout};

use crate::client::shared::Shared;
use crate::observe::attempt_counter::AttemptCounter;
use crate::perform::slow_jobs::SlowAttempt;

/// How long one attempt may run, and how long it usually does.
#[derive(Clone, Copy, Default)]
pub(crate) struct RunWatch<'a> {
    /// It is stopped after this time.
    pub(crate) timeout: Option<Duration>,
    /// The job sets no time-out itself.
    pub(crate) is_default: bool,
    /// The limit of the runtime after which an attempt is slow.
    pub(crate) slow_after: Option<Duration>,
    /// The recent attempts of the same job; `None` if slow ones are not reported.
    pub(crate) recent: Option<&'a Mutex<RecentDurations>>,
    /// Counts the attempt; `None` if nothing does.
    pub(crate) attempts: Option<&'a AttemptCounter>,
}

impl RunWatch<'_> {
    /// For a job that is performed without a worker: only its own time-out holds.
    pub(crate) fn own(timeout: Option<Timeout>) -> Self {
        Self { timeout: timeout.and_then(Timeout::limit), ..Self::default() }
    }

    /// Runs the job, at most for its time, and reports if it is slow.
    ///
    /// One timer serves all limits, and none is made for a job that never waits.
    pub(crate) async fn run<T>(
        &self,
        shared: &Shared,
        context: &Context,
        run: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut run = pin!(run);
        let started = Instant::now();
        if let Poll::Ready(result) = poll_fn(|task| Poll::Ready(run.as_mut().poll(task))).await {
            return result;
        }
        let rule = self.rule();
        let mut elapsed = Duration::ZERO;
        let mut is_repeated = false;
        let mut listing = SlowAttempt::new(&shared.slow_jobs);
        while let Some((at, reason)) = rule.next_report(elapsed) {
            if let Ok(result) = timeout(at.saturating_sub(started.elapsed()), run.as_mut()).await {
                return result;
            }
            // Near its time-out a job may be as quick as usual.
            if !matches!(reason, SlowReason::TimeoutNear { .. }) {
                listing.list(context.execution(), shared.clock.now() - at);
            }
            report(shared, context, at, reason, is_repeated);
            (elapsed, is_repeated) = (at, true);
        }
        let Some(limit) = self.timeout else { return run.await };
        let timed_out = |_| Err(Failure::from_error(TimedOut { after: limit }));
        timeout(limit.saturating_sub(started.elapsed()), run).await.unwrap_or_else(timed_out)
    }

    /// Counts the attempt, and remembers how long it took. One that was stopped says nothing about the usual time.
    pub(crate) fn record<T>(&self, shared: &Shared, context: &Context, result: &Result<T, Failure>, took: Duration) {
        if let Some(attempts) = self.attempts {
            attempts.ended(context.execution(), result.is_err(), shared.clock.now(), took);
        }
        let is_stopped = result.as_ref().is_err_and(is_time_out);
        if let Some(recent) = self.recent.filter(|_| !is_stopped) {
            recent.lock().unwrap_or_else(PoisonError::into_inner).record(took);
        }
    }

    /// What is known about a time-out besides its error, for the error's causes.
    pub(crate) fn explain(&self, context: &Context, failure: &Failure) -> Vec<String> {
        if !is_time_out(failure) {
            return Vec::new();
        }
        let step = context.step().map(|step| format!("it was at the step `{step}`"));
        let default = "the job sets no time-out itself, so that of the runtime holds: give the job `timeout = ..` or \
                       `timeout = none`, or change `default_timeout`";
        step.into_iter().chain(self.is_default.then(|| default.to_owned())).collect()
    }

    fn rule(&self) -> SlowRule {
        let Some(recent) = self.recent else { return SlowRule::default() };
        let longest = match self.slow_after {
            Some(_) => None,
            None => recent.lock().unwrap_or_else(PoisonError::into_inner).longest(),
        };
        SlowRule::new(self.slow_after, longest, self.timeout)
    }
}

fn is_time_out(failure: &Failure) -> bool {
    failure.downcast_ref::<TimedOut>().is_some()
}

fn report(shared: &Shared, context: &Context, duration: Duration, reason: SlowReason, is_repeated: bool) {
    shared.events.emit(|| {
        let event = RanSlowly::new(shared.execution(context.execution()), duration, reason);
        event.at_step(context.step()).repeated(is_repeated)
    });
}
