//! Stores that break a promise about time or notifications.

use std::future::{Future, pending};
use std::pin::Pin;

use jobs_core::{
    Dispatched, HeartbeatReply, Listener, Notifier, Process, ProcessStatus, Recovered, Recovery, Store, StoreFuture,
};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Dispatches all there is, due or not.
struct DispatchesEarly(MemoryStore);

impl PassThrough for DispatchesEarly {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        Box::pin(async move {
            let filter = jobs_core::Filter { limit, ..jobs_core::Filter::state(jobs_core::State::Scheduled) };
            let (Some(inspect), Some(manage)) = (self.0.inspect(), self.0.manage()) else {
                return self.0.dispatch(limit).await;
            };
            let waiting: Vec<_> = inspect.list(&filter).await?.iter().map(|record| record.id).collect();
            let ready = usize::try_from(manage.retry(&waiting).await?).unwrap_or_default();
            Ok(Dispatched::new(ready, None))
        })
    }
}

#[test]
fn a_store_that_dispatches_early_is_caught() {
    let cases = [
        "dispatch::nothing_is_ready_before_its_time",
        "settle::a_retry_waits_by_the_stores_clock",
        "continuation::a_continuation_waits_by_the_stores_clock",
    ];
    is_caught_by(DispatchesEarly, &cases);
    passes(DispatchesEarly, "dispatch::a_job_is_ready_exactly_at_its_due_time");
}

/// Recovers a process whose silence is exactly the limit.
struct RecoversEarly(MemoryStore);

impl PassThrough for RecoversEarly {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(async move {
            let silence = recovery.silence.saturating_sub(std::time::Duration::from_micros(1));
            self.0.recover(&Recovery::new(silence, recovery.crash_limit)).await
        })
    }
}

#[test]
fn a_store_that_recovers_a_microsecond_early_is_caught() {
    is_caught_by(RecoversEarly, &["recovery::silence_of_exactly_the_limit_is_tolerated"]);
    passes(RecoversEarly, "recovery::the_jobs_of_a_silent_process_are_ready_again");
}

/// Never recovers a process.
struct NeverRecovers(MemoryStore);

impl PassThrough for NeverRecovers {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn recover<'a>(&'a self, _recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(async { Ok(Recovered::default()) })
    }
}

#[test]
fn a_store_that_never_recovers_is_caught() {
    let cases = [
        "crash::a_crash_after_the_claim_costs_an_attempt",
        "crash::a_crash_of_all_processes_loses_nothing",
        "idempotency::jobs_of_a_lost_claim_come_back_with_a_recovery",
        "races::racing_recoveries_take_each_job_back_once",
    ];
    is_caught_by(NeverRecovers, &cases);
    passes(NeverRecovers, "crash::a_graceful_stop_costs_no_attempt");
}

/// Keeps a process that reported that it stopped.
struct IgnoresStops(MemoryStore);

impl PassThrough for IgnoresStops {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(async move {
            let mut process = process.clone();
            process.phase = if process.phase == ProcessStatus::Stopped { ProcessStatus::Quiet } else { process.phase };
            self.0.heartbeat(&process).await
        })
    }
}

#[test]
fn a_store_that_ignores_a_stop_is_caught() {
    let cases = ["recovery::a_stopped_process_releases_its_jobs", "heartbeat::a_stopped_process_is_forgotten"];
    is_caught_by(IgnoresStops, &cases);
    is_caught_by(IgnoresStops, &["races::racing_stops_lose_no_job"]);
    passes(IgnoresStops, "heartbeat::the_status_of_a_process_is_shown");
}

/// Never notifies.
struct NeverWakes(MemoryStore);

struct Deaf;

impl PassThrough for NeverWakes {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        Some(&Deaf)
    }
}

impl Notifier for Deaf {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Self)
    }
}

impl Listener for Deaf {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(pending())
    }
}

#[test]
fn a_store_that_never_notifies_is_caught() {
    let cases = [
        "notifications::an_enqueued_job_wakes_listeners",
        "notifications::a_dispatch_wakes_listeners",
        "notifications::a_stopped_process_wakes_listeners",
    ];
    is_caught_by(NeverWakes, &cases);
    passes(NeverWakes, "claim::no_job_is_given_to_two_claims");
}

/// Notifies only a listener that waits at that moment.
struct ForgetsHints(MemoryStore);

struct Forgetful(Box<dyn Listener>);

impl PassThrough for ForgetsHints {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        Some(self)
    }
}

impl Notifier for ForgetsHints {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Forgetful(self.0.listen()))
    }
}

impl Listener for Forgetful {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            // What came before is thrown away.
            let _early = tokio::time::timeout(std::time::Duration::ZERO, self.0.recv()).await;
            self.0.recv().await;
        })
    }
}

#[test]
fn a_store_that_loses_notifications_is_caught() {
    is_caught_by(ForgetsHints, &["notifications::a_notification_before_the_call_is_kept"]);
    passes(ForgetsHints, "notifications::a_waiting_listener_is_woken");
}
