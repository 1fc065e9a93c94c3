//! Stores that are wrong about time.

use std::future::{Future, pending};
use std::pin::Pin;

use jobs_core::{Dispatched, Listener, Phase, Process, Pulse, Recovered, Recovery, Store, StoreFuture, Wakeups};
use jobs_memory::MemoryStore;

use crate::bend::Bend;
use crate::play::{is_caught_by, passes};

/// Dispatches all there is, due or not.
struct DispatchesEarly(MemoryStore);

impl Bend for DispatchesEarly {
    fn inner(&self) -> &MemoryStore {
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
        "dispatching::nothing_is_ready_before_its_time",
        "settling::a_retry_waits_by_the_stores_clock",
        "continuing::a_continue_waits_by_the_stores_clock",
    ];
    is_caught_by(DispatchesEarly, &cases);
    passes(DispatchesEarly, "dispatching::a_job_is_ready_at_its_very_moment");
}

/// Takes silence of the limit for death.
struct RecoversEarly(MemoryStore);

impl Bend for RecoversEarly {
    fn inner(&self) -> &MemoryStore {
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
    is_caught_by(RecoversEarly, &["recovering::silence_of_exactly_the_limit_is_not_death"]);
    passes(RecoversEarly, "recovering::the_jobs_of_a_silent_process_are_ready_again");
}

/// Gives nobody up.
struct NeverRecovers(MemoryStore);

impl Bend for NeverRecovers {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn recover<'a>(&'a self, _recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(async { Ok(Recovered::default()) })
    }
}

#[test]
fn a_store_that_never_recovers_is_caught() {
    let cases = [
        "crashing::a_death_after_the_claim_costs_an_attempt",
        "crashing::the_death_of_all_processes_loses_nothing",
        "repeating::a_claim_whose_answer_was_lost_comes_back_with_a_recovery",
        "racing::racing_recoveries_take_each_job_back_once",
    ];
    is_caught_by(NeverRecovers, &cases);
    passes(NeverRecovers, "crashing::a_stop_in_order_costs_no_attempt");
}

/// Goes on knowing a process that said that it stopped.
struct IgnoresStops(MemoryStore);

impl Bend for IgnoresStops {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        Box::pin(async move {
            let mut process = process.clone();
            process.phase = if process.phase == Phase::Stopped { Phase::Quiet } else { process.phase };
            self.0.heartbeat(&process).await
        })
    }
}

#[test]
fn a_store_that_ignores_a_stop_is_caught() {
    let cases = ["recovering::a_stopped_process_gives_back_what_it_holds", "beating::a_stopped_process_is_forgotten"];
    is_caught_by(IgnoresStops, &cases);
    is_caught_by(IgnoresStops, &["racing::racing_stops_lose_no_job"]);
    passes(IgnoresStops, "beating::a_phase_is_shown");
}

/// Never gives a hint.
struct NeverWakes(MemoryStore);

struct Deaf;

impl Bend for NeverWakes {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        Some(&Deaf)
    }
}

impl Wakeups for Deaf {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Self)
    }
}

impl Listener for Deaf {
    fn heard(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(pending())
    }
}

#[test]
fn a_store_that_never_wakes_is_caught() {
    let cases = ["waking::an_enqueued_job_is_heard_of", "waking::a_dispatch_is_heard_of", "waking::a_stop_is_heard_of"];
    is_caught_by(NeverWakes, &cases);
    passes(NeverWakes, "claiming::no_job_is_given_to_two_claims");
}

/// Gives a hint only to who waits for it at that moment.
struct ForgetsHints(MemoryStore);

struct Forgetful(Box<dyn Listener>);

impl Bend for ForgetsHints {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        Some(self)
    }
}

impl Wakeups for ForgetsHints {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Forgetful(self.0.listen()))
    }
}

impl Listener for Forgetful {
    fn heard(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            // What came before is thrown away.
            let _early = tokio::time::timeout(std::time::Duration::ZERO, self.0.heard()).await;
            self.0.heard().await;
        })
    }
}

#[test]
fn a_store_that_forgets_hints_is_caught() {
    is_caught_by(ForgetsHints, &["waking::a_hint_before_the_call_is_kept"]);
    passes(ForgetsHints, "waking::a_waiting_listener_is_woken");
}
